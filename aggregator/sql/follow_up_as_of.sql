-- Through when all platforms' streams are complete, as an instant and in Vietnamese time; and which are not yet.
SELECT to_char(min(complete_through) AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
       to_char(min(complete_through) AT TIME ZONE 'Asia/Ho_Chi_Minh', 'HH24:MI DD/MM/YYYY'),
       string_agg(source || ' ' || stream, ', ' ORDER BY source, stream) FILTER (WHERE complete_through IS NULL)
  FROM bi.freshness WHERE stream NOT IN ('roster', 'totals')
