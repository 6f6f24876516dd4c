-- $1: first day of a month or NULL: the month it is. That day, the month as text writes it, and whether the month is over.
SELECT m.first::text, extract(month FROM m.first)::text, extract(year FROM m.first)::text,
       (m.first + interval '1 month')::date <= d.today, to_char(d.today, 'DD/MM/YYYY')
  FROM (SELECT today FROM pulse.today) d
 CROSS JOIN LATERAL (SELECT coalesce($1::date, date_trunc('month', d.today)::date) AS first) m
