-- Days on which somebody was active, in each set of facts that has rows of its own; audiences share those of the training.
CREATE TEMP TABLE verify_days ON COMMIT DROP AS
WITH days AS (
    SELECT person, combination, day, count(*) FILTER (WHERE sat) AS sat, count(*) FILTER (WHERE sat AND ok) AS ok
      FROM verify_facts
     WHERE kind IN ('learning', 'attendance') OR sat
     GROUP BY person, combination, day)
SELECT m.cell, d.person, d.day, sum(d.sat)::bigint AS sat, sum(d.ok)::bigint AS ok
  FROM days d
  JOIN (SELECT combination, cell FROM verify_spread JOIN verify_cells USING (cell) WHERE NOT by_year AND scope <> 'course'
        UNION ALL SELECT combination, cell FROM verify_combinations, verify_cells WHERE scope = 'all') m USING (combination)
 GROUP BY 1, 2, 3;

-- Beside each day the active days before and after it; and the day of the first passing attempt of those who passed.
CREATE TEMP TABLE verify_active ON COMMIT DROP AS
SELECT d.cell, d.person, d.day, d.sat, d.ok, d.day - lag(d.day) OVER w AS since, lead(d.day) OVER w - d.day AS until,
       d.day = o.passed_on AS newly_passed
  FROM verify_days d
  LEFT JOIN (SELECT cell, person, passed_on FROM verify_outcomes WHERE passed AND year = 0
             UNION ALL
             SELECT (SELECT cell FROM verify_cells WHERE scope = 'all'), person, min(passed_on)
               FROM verify_of_training WHERE passed GROUP BY person) o USING (cell, person)
WINDOW w AS (PARTITION BY d.cell, d.person ORDER BY d.day);

-- The rows that each person counts in, numbered.
CREATE TEMP TABLE verify_placed ON COMMIT DROP AS
SELECT c.cell, p.person, c.scope, c.training, c.wave, '' COLLATE "C" AS value, p.unit
  FROM (SELECT 'training' COLLATE "C" AS scope, training, '' COLLATE "C" AS wave, person, unit FROM verify_person_trainings
        UNION ALL SELECT 'wave', training, wave, person, unit FROM verify_person_waves
        UNION ALL SELECT 'all', '', '', person, unit FROM verify_persons) p
  JOIN verify_cells c USING (scope, training, wave)
 WHERE pg_temp.verify_wanted(training, unit)
UNION ALL
SELECT c.cell, a.person, 'audience', a.training, '', a.audience, ''
  FROM verify_audiences a JOIN verify_cells c ON c.scope = 'training' AND c.training = a.training WHERE pg_temp.verify_wanted(a.training, '')
UNION ALL
SELECT DISTINCT c.cell, d.person, 'platform', c.training, '', c.platform, ''
  FROM verify_days d JOIN verify_cells c USING (cell) WHERE c.scope = 'platform' AND pg_temp.verify_wanted(c.training, '');
CREATE TEMP TABLE verify_rows ON COMMIT DROP AS
SELECT row_number() OVER ()::integer AS number, r.* FROM (SELECT DISTINCT scope, training, wave, value, unit FROM verify_placed) r;
CREATE TEMP TABLE verify_numbered ON COMMIT DROP AS
SELECT p.cell, p.person, r.number FROM verify_placed p JOIN verify_rows r USING (scope, training, wave, value, unit);
ANALYZE verify_active, verify_rows, verify_numbered;

-- Cells by day: a window of N days gains the person on a day after at least N without activity, and loses them N days after the last.
CREATE TEMP TABLE verify_activity ON COMMIT DROP AS
SELECT r.scope, r.training, r.wave, r.value, r.unit, d.*
  FROM (SELECT p.number, c.day, sum(c.active)::bigint AS active, sum(c.change_7)::bigint AS change_7, sum(c.change_30)::bigint AS change_30,
               sum(c.new_participants)::bigint AS new_participants, sum(c.exams_sat)::bigint AS exams_sat,
               sum(c.exams_passed)::bigint AS exams_passed, sum(c.newly_passed)::bigint AS newly_passed
          FROM (SELECT cell, person, day, 1 AS active, (since >= 7 OR since IS NULL)::integer AS change_7,
                       (since >= 30 OR since IS NULL)::integer AS change_30, (since IS NULL)::integer AS new_participants, sat AS exams_sat,
                       ok AS exams_passed, (newly_passed IS TRUE)::integer AS newly_passed
                  FROM verify_active
                UNION ALL
                SELECT cell, person, day + 7, 0, -1, 0, 0, 0, 0, 0 FROM verify_active WHERE until >= 7 OR until IS NULL
                UNION ALL
                SELECT cell, person, day + 30, 0, 0, -1, 0, 0, 0, 0 FROM verify_active WHERE until >= 30 OR until IS NULL) c
          JOIN verify_numbered p USING (cell, person)
         GROUP BY p.number, c.day) d
  JOIN verify_rows r USING (number)
 WHERE num_nonnulls(nullif(active, 0), nullif(change_7, 0), nullif(change_30, 0), nullif(new_participants, 0), nullif(exams_sat, 0),
                    nullif(exams_passed, 0), nullif(newly_passed, 0)) > 0;

SELECT pg_temp.verify_compare('activity by day',
    '(SELECT scope, training, wave, value, unit, month + (d.number - 1)::integer AS day, coalesce(d.active, 0)::bigint AS active,
             coalesce(d.change_7, 0)::bigint AS change_7, coalesce(d.change_30, 0)::bigint AS change_30,
             coalesce(d.new_participants, 0)::bigint AS new_participants, coalesce(d.exams_sat, 0)::bigint AS exams_sat,
             coalesce(d.exams_passed, 0)::bigint AS exams_passed, coalesce(d.newly_passed, 0)::bigint AS newly_passed
        FROM gen_N.activity a,
             unnest(a.active, a.change_7, a.change_30, a.new_participants, a.exams_sat, a.exams_passed, a.newly_passed) WITH ORDINALITY
             AS d (active, change_7, change_30, new_participants, exams_sat, exams_passed, newly_passed, number)
       WHERE pg_temp.verify_wanted(training, unit)
         AND num_nonnulls(nullif(d.active, 0), nullif(d.change_7, 0), nullif(d.change_30, 0), nullif(d.new_participants, 0),
                          nullif(d.exams_sat, 0), nullif(d.exams_passed, 0), nullif(d.newly_passed, 0)) > 0)',
    '(SELECT scope, training, wave, value, unit, date ''1970-01-01'' + day AS day, active, change_7, change_30, new_participants, exams_sat,
             exams_passed, newly_passed
        FROM verify_activity)',
    '{scope,training,wave,value,unit,day}', '{active,change_7,change_30,new_participants,exams_sat,exams_passed,newly_passed}');

-- The cells of months, which views add up before the days of the last month; and the rows' own form: arrays of the month's length, and
-- none that is zero throughout.
SELECT pg_temp.verify_compare('activity by month',
    '(SELECT scope, training, wave, value, unit, month, change_7_sum, change_30_sum, NOT EXISTS (
                 SELECT FROM (VALUES (active), (change_7), (change_30), (new_participants), (exams_sat), (exams_passed), (newly_passed)) x (cells)
                  WHERE cells IS NOT NULL AND (array_lower(cells, 1) <> 1 OR cardinality(cells) <> extract(day FROM month + interval ''1 month - 1 day'')
                                               OR NOT EXISTS (SELECT FROM unnest(cells) n WHERE n <> 0)
                                               OR EXISTS (SELECT FROM unnest(cells) n WHERE n IS NULL))) AS well_formed
        FROM gen_N.activity WHERE pg_temp.verify_wanted(training, unit))',
    '(SELECT scope, training, wave, value, unit, date_trunc(''month'', date ''1970-01-01'' + day)::date AS month,
             sum(change_7)::bigint AS change_7_sum, sum(change_30)::bigint AS change_30_sum, true AS well_formed
        FROM verify_activity
       GROUP BY scope, training, wave, value, unit, date_trunc(''month'', date ''1970-01-01'' + day)::date)',
    '{scope,training,wave,value,unit,month}', '{change_7_sum,change_30_sum,well_formed}');
