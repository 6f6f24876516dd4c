-- The record of a partition that goes back as number $2 (from 0).
SELECT encode(value, 'hex') FROM archive.events
 WHERE partition = $1::integer AND (value IS NOT NULL OR id IS NULL) ORDER BY "offset" OFFSET $2::bigint LIMIT 1
