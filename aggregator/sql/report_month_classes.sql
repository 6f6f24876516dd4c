-- $1: training, $2: units or NULL. Classes in person: the groups of waves in which people took part and nobody is in an online course.
SELECT w.wave, w.wave_name, g.study_group, sum(g.registered)::bigint, sum(g.participated)::bigint, sum(g.completed)::bigint
  FROM bi.waves w
  JOIN (SELECT wave FROM bi.participation WHERE training = $1 COLLATE "C" GROUP BY wave HAVING sum(participated) > 0 AND sum(enrolled) = 0) c
       ON c.wave = w.wave
  JOIN bi.group_status g ON g.wave = w.wave
 WHERE $2::text[] IS NULL OR g.unit = ANY ($2::text[] COLLATE "C")
 GROUP BY w.wave, w.wave_name, w.print_order, g.study_group, g.group_order
 ORDER BY w.print_order NULLS LAST, w.wave, g.group_order NULLS LAST, g.study_group
