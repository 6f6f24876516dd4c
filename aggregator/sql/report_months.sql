-- $1: training or NULL. The first and the last month that can be reported: from the first wave or fact to today.
SELECT to_char(least(t.today, min(f.day)), 'YYYY-MM'), to_char(t.today, 'YYYY-MM')
  FROM (SELECT today FROM bi.generation) t
  LEFT JOIN (SELECT begins AS day, training FROM bi.waves
             UNION ALL
             SELECT min(day), training FROM bi.participation_daily GROUP BY training
             UNION ALL
             SELECT min(coalesce(day, (reported_at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date)), training FROM bi.headcounts GROUP BY training) f
         ON $1::text IS NULL OR f.training = $1 COLLATE "C"
 GROUP BY t.today
