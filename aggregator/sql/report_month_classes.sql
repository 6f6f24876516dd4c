-- $1: training, $2: units or NULL. Classes in person, of a training that counts days of classes: the groups of the waves in which most who
-- took part are in no online course; of such a wave without groups the wave itself.
WITH class_wave AS (
    SELECT w.wave, w.printed_name, w.print_order
      FROM bi.waves w
      JOIN (SELECT wave FROM bi.participation WHERE training = $1 COLLATE "C" GROUP BY wave HAVING sum(participated) > 2 * sum(enrolled)) p
           ON p.wave = w.wave
     WHERE EXISTS (SELECT FROM bi.trainings t WHERE t.training = $1 COLLATE "C" AND t.completion_min_attendance > 0)
), class AS (
    SELECT wave, unit, study_group, group_order, registered, participated, completed FROM bi.group_status WHERE training = $1 COLLATE "C"
    UNION ALL
    SELECT p.wave, p.unit, NULL, NULL, p.registered, p.participated, p.completed FROM bi.participation p
     WHERE p.training = $1 COLLATE "C" AND NOT EXISTS (SELECT FROM bi.group_status g WHERE g.wave = p.wave)
)
SELECT w.wave, w.printed_name, c.study_group, sum(c.registered)::bigint, sum(c.participated)::bigint, sum(c.completed)::bigint
  FROM class_wave w JOIN class c ON c.wave = w.wave
 WHERE $2::text[] IS NULL OR c.unit = ANY ($2::text[] COLLATE "C")
 GROUP BY w.wave, w.printed_name, w.print_order, c.study_group, c.group_order
 ORDER BY w.print_order NULLS LAST, w.wave, c.group_order NULLS LAST, c.study_group
