-- $1: config version; $2: training, $3: wave, $4: unit, $5: group, each "" for any. What of it there is: a row each of training, wave, unit and
-- group, in that order: is it known? the first names that there are (waves and groups: of what is named above them), and how many.
-- A code that was counted is known even where the reference data lacks it.
WITH found(place, wanted, name, known_by, n) AS (
    SELECT 1, $2::text, training, training, row_number() OVER (ORDER BY training)
      FROM pulse.trainings WHERE config_version = $1::integer
    UNION ALL
    SELECT 2, $3, wave, wave, row_number() OVER (ORDER BY wave)
      FROM pulse.waves WHERE config_version = $1::integer AND ($2 = '' OR training = $2 COLLATE "C")
    UNION ALL
    SELECT 3, $4, unit, unit, row_number() OVER (ORDER BY parent IS NOT NULL, print_order, unit)
      FROM pulse.units
    UNION ALL
    SELECT 3, $4, NULL, $4, NULL
     WHERE EXISTS (SELECT FROM gen_N.tallies WHERE unit = $4 COLLATE "C")
    UNION ALL
    SELECT 4, $5, g.study_group, g.study_group,
           row_number() OVER (ORDER BY length(g.study_group), g.study_group)
      FROM (SELECT DISTINCT study_group FROM gen_N.tallies
             WHERE $5 <> '' AND scope = 'wave' AND study_group <> '' AND ($2 = '' OR training = $2 COLLATE "C")
               AND ($3 = '' OR wave = $3 COLLATE "C") AND ($4 = '' OR unit = $4 COLLATE "C")) g
)
SELECT wanted = '' OR coalesce(bool_or(known_by = wanted COLLATE "C"), false),
       coalesce(string_agg(name, ', ' ORDER BY n) FILTER (WHERE n <= 40), ''), count(name)
  FROM (VALUES (1, $2::text), (2, $3), (3, $4), (4, $5)) p (place, wanted) LEFT JOIN found USING (place, wanted)
 GROUP BY place, wanted
 ORDER BY place
