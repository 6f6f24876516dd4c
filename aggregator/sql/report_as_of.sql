-- $1: training or NULL. Through when all platforms' streams that feed it are complete, as an instant and in Vietnamese time; which are
-- not yet; and how many there are.
SELECT to_char(min(complete_through) AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
       to_char(min(complete_through) AT TIME ZONE 'Asia/Ho_Chi_Minh', 'HH24:MI DD/MM/YYYY'),
       string_agg(DISTINCT concat_ws(' ', source, stream), ', ') FILTER (WHERE complete_through IS NULL), count(*)
  FROM bi.training_freshness WHERE $1::text IS NULL OR training = $1 COLLATE "C"
