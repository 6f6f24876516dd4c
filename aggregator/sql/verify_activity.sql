-- Days on which somebody was active, in each set of facts that has rows of its own; audiences share those of the training.
CREATE TEMP TABLE verify_days ON COMMIT DROP AS
WITH days AS (
    SELECT person, training, wave, platform, day, count(*) FILTER (WHERE sat) AS sat, count(*) FILTER (WHERE sat AND ok) AS ok
      FROM verify_facts
     WHERE kind IN ('learning', 'attendance') OR sat
     GROUP BY person, training, wave, platform, day)
SELECT CASE grouping(training, wave, platform) WHEN 3 THEN 'training' WHEN 1 THEN 'wave' WHEN 2 THEN 'platform' ELSE 'all' END COLLATE "C" AS scope,
       person, coalesce(training, '') COLLATE "C" AS training, coalesce(wave, '') COLLATE "C" AS wave, coalesce(platform, '') COLLATE "C" AS platform,
       day, sum(sat)::bigint AS sat, sum(ok)::bigint AS ok
  FROM days
 GROUP BY GROUPING SETS ((person, training, day), (person, training, wave, day), (person, training, platform, day), (person, day))
HAVING NOT (grouping(wave) = 0 AND wave = '' OR grouping(platform) = 0 AND platform IS NULL);

-- Beside each day the active days before and after it; and the day of the first passing attempt of those who passed.
CREATE TEMP TABLE verify_active ON COMMIT DROP AS
SELECT d.scope, d.training, d.wave, d.platform, d.person, d.day, d.sat, d.ok,
       d.day - lag(d.day) OVER w AS since, lead(d.day) OVER w - d.day AS until, d.day = o.passed_on AS newly_passed
  FROM verify_days d
  LEFT JOIN (SELECT scope, person, training, wave, platform, passed_on FROM verify_outcomes
              WHERE passed AND scope IN ('training', 'wave', 'platform')
             UNION ALL
             SELECT 'all', person, '', '', '', min(passed_on) FROM verify_outcomes WHERE scope = 'training' GROUP BY person HAVING bool_or(passed)) o
    USING (scope, person, training, wave, platform)
WINDOW w AS (PARTITION BY d.scope, d.person, d.training, d.wave, d.platform ORDER BY d.day);
ANALYZE verify_active;

-- The rows that they count in.
CREATE TEMP TABLE verify_placed ON COMMIT DROP AS
SELECT scope, training, wave, ''::text COLLATE "C" AS platform, person, ''::text COLLATE "C" AS value, unit, scope AS counts_in
  FROM (SELECT 'training' COLLATE "C" AS scope, training, '' COLLATE "C" AS wave, person, unit FROM verify_person_trainings
        UNION ALL SELECT 'wave', training, wave, person, unit FROM verify_person_waves
        UNION ALL SELECT 'all', '', '', person, unit FROM verify_persons) p
 WHERE pg_temp.verify_wanted(training, unit)
UNION ALL
SELECT 'training', training, '', '', person, audience, '', 'audience' FROM verify_audiences WHERE pg_temp.verify_wanted(training, '')
UNION ALL
SELECT DISTINCT 'platform', training, '', platform, person, platform, '', 'platform'
  FROM verify_days WHERE scope = 'platform' AND pg_temp.verify_wanted(training, '');
ANALYZE verify_placed;

-- Cells by day: a window of N days gains the person on a day after at least N without activity, and loses them N days after the last.
CREATE TEMP TABLE verify_activity ON COMMIT DROP AS
SELECT p.counts_in AS scope, p.training, p.wave, p.value, p.unit, c.day, sum(c.active)::bigint AS active, sum(c.change_7)::bigint AS change_7,
       sum(c.change_30)::bigint AS change_30, sum(c.new_participants)::bigint AS new_participants, sum(c.exams_sat)::bigint AS exams_sat,
       sum(c.exams_passed)::bigint AS exams_passed, sum(c.newly_passed)::bigint AS newly_passed
  FROM (SELECT scope, training, wave, platform, person, day, 1 AS active, (since >= 7 OR since IS NULL)::integer AS change_7,
               (since >= 30 OR since IS NULL)::integer AS change_30, (since IS NULL)::integer AS new_participants, sat AS exams_sat, ok AS exams_passed,
               (newly_passed IS TRUE)::integer AS newly_passed
          FROM verify_active
        UNION ALL
        SELECT scope, training, wave, platform, person, day + 7, 0, -1, 0, 0, 0, 0, 0 FROM verify_active WHERE until >= 7 OR until IS NULL
        UNION ALL
        SELECT scope, training, wave, platform, person, day + 30, 0, 0, -1, 0, 0, 0, 0 FROM verify_active WHERE until >= 30 OR until IS NULL) c
  JOIN verify_placed p USING (scope, training, wave, platform, person)
 GROUP BY p.counts_in, p.training, p.wave, p.value, p.unit, c.day;

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
        FROM verify_activity
       WHERE num_nonnulls(nullif(active, 0), nullif(change_7, 0), nullif(change_30, 0), nullif(new_participants, 0),
                          nullif(exams_sat, 0), nullif(exams_passed, 0), nullif(newly_passed, 0)) > 0)',
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
       WHERE num_nonnulls(nullif(active, 0), nullif(change_7, 0), nullif(change_30, 0), nullif(new_participants, 0),
                          nullif(exams_sat, 0), nullif(exams_passed, 0), nullif(newly_passed, 0)) > 0
       GROUP BY scope, training, wave, value, unit, date_trunc(''month'', date ''1970-01-01'' + day)::date)',
    '{scope,training,wave,value,unit,month}', '{change_7_sum,change_30_sum,well_formed}');
