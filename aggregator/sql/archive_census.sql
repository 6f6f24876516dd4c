-- What each month holds of each partition, and what was detached of it. In order of month.
SELECT to_char(month AT TIME ZONE 'UTC', 'YYYY-MM'), partition, rows, erased, first_offset, (extract(epoch FROM last_time) * 1000000)::bigint, 't'
  FROM (SELECT date_trunc('month', log_time) AS month, partition, count(*) AS rows,
               count(*) FILTER (WHERE value IS NULL AND id IS NOT NULL) AS erased,
               min("offset") AS first_offset, max(log_time) AS last_time
          FROM archive.events GROUP BY 1, 2) attached
 UNION ALL
SELECT to_char(month, 'YYYY-MM'), partition, rows, erased, first_offset, NULL, 'f' FROM archive.detached WHERE rows > 0
 ORDER BY 1, 2
