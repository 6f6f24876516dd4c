-- How large the parts are, and what each grew per day since the earliest note of the last seven days.
SELECT n.part, n.bytes, n.records, (n.bytes - earlier.bytes) / earlier.days, (n.records - earlier.records) / earlier.days
  FROM pulse.sizes_now() n
  LEFT JOIN LATERAL (SELECT s.bytes, s.records, today.day - s.day AS days
                       FROM pulse.sizes s, (SELECT (clock_timestamp() AT TIME ZONE 'UTC')::date AS day) today
                      WHERE s.part = n.part AND s.day BETWEEN today.day - 7 AND today.day - 1
                      ORDER BY s.day LIMIT 1) earlier ON true
 ORDER BY array_position(ARRAY['database', 'archive'], n.part), n.part
