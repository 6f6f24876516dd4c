-- $1: training or NULL. The platforms' streams that feed it, and through when each is complete.
SELECT DISTINCT source, stream, to_char(complete_through AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')
  FROM bi.training_freshness WHERE $1::text IS NULL OR training = $1 COLLATE "C"
 ORDER BY source, stream
