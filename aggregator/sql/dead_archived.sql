-- $1, $2: partitions and offsets. What the archive holds of these records, in no order: value as hexadecimal digits, NULL where none is
-- kept. The archive has no index by place, so this reads it once, whatever the number.
SELECT partition, "offset", to_char(log_time AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'), octet_length(value),
       encode(value, 'hex')
  FROM archive.events
 WHERE (partition, "offset") IN (SELECT * FROM unnest($1::integer[], $2::bigint[]))
