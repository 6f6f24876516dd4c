-- The fence: a zombie, a lost COMMIT reply, a changed config all change no row here.
UPDATE pulse.offsets o
   SET next_offset = v.next_offset, log_time = coalesce(v.log_time, o.log_time), committed_at = clock_timestamp()
  FROM unnest($1::text[], $2::integer[], $3::bigint[], $4::bigint[], $5::timestamptz[])
       AS v (topic, partition, expected, next_offset, log_time)
 WHERE o.generation = $6::integer AND o.topic = v.topic AND o.partition = v.partition
   AND o.next_offset = v.expected AND o.writer_epoch = $7::bigint AND o.config_version = $8::integer
