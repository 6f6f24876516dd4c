UPDATE archive.offsets a
   SET next_offset = v.next_offset, last_offset = coalesce(v.last_offset, a.last_offset),
       last_id = coalesce(v.last_id, a.last_id)
  FROM unnest($1::text[], $2::integer[], $3::bigint[], $4::bigint[], $5::bigint[], $6::text[])
       AS v (topic, partition, expected, next_offset, last_offset, last_id)
 WHERE a.generation = $7::integer AND a.topic = v.topic AND a.partition = v.partition AND a.next_offset = v.expected
