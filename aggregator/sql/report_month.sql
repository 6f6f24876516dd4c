-- $1: first day of a month, or NULL: the month it is, or where nothing is of that yet, the latest before it of which there is anything.
-- $2: training. That day, the month as text writes it, whether the month is over, today, and whether the month was chosen as the latest.
SELECT m.first::text, extract(month FROM m.first)::text, extract(year FROM m.first)::text,
       (m.first + interval '1 month')::date <= d.today, to_char(d.today, 'DD/MM/YYYY'), $1::date IS NULL AND m.first < date_trunc('month', d.today)
  FROM (SELECT today FROM bi.generation) d
 CROSS JOIN LATERAL (
    SELECT coalesce($1::date, date_trunc('month', (
        SELECT max(f.day)
          FROM (SELECT w.begins AS day FROM bi.waves w
                 WHERE w.wave IN (SELECT p.wave FROM bi.participation p WHERE p.training = $2 COLLATE "C" AND p.registered > 0)
                UNION ALL
                SELECT day FROM bi.participation_daily WHERE training = $2 COLLATE "C"
                UNION ALL
                SELECT coalesce(day, (reported_at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date) FROM bi.headcounts WHERE training = $2 COLLATE "C") f
         WHERE f.day <= d.today))::date, date_trunc('month', d.today)::date) AS first) m
