-- How far each partition is counted.
SELECT o.topic, o.partition, o.next_offset, to_char(o.log_time AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
       (extract(epoch FROM clock_timestamp() - o.committed_at) * 1000)::bigint
  FROM pulse.offsets o JOIN pulse.live USING (generation)
 ORDER BY o.topic, o.partition
