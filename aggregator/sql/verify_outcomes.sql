-- What sets of a person's facts amount to. Facts are summed up by all that tells sets apart first: mostly few rows for each person.
CREATE TEMP TABLE verify_attempts ON COMMIT DROP AS
SELECT person, training, wave, year, platform, course, rule, day, ok, round(share * 10000)::bigint AS score,
       -- The order of attempts and, in the lowest bit, what came of them: the least is the first one, the greatest the last.
       row_number() OVER (ORDER BY us, entity) * 2 + ok::integer AS placed
  FROM verify_facts WHERE sat;
CREATE TEMP TABLE verify_sums ON COMMIT DROP AS
SELECT f.person, f.training, f.wave, f.year, f.platform, f.course,
       min(f.day) FILTER (WHERE f.kind = 'enrollment') AS enrolled_on, bool_or(f.kind IN ('learning', 'attendance')) AS learned,
       max(f.progress) AS progress, min(f.day) FILTER (WHERE f.progress >= t.completion_min_progress) AS progressed_on,
       min(f.day) FILTER (WHERE f.kind = 'certificate') AS certified_on, min(f.day) FILTER (WHERE f.platform IS NOT NULL) AS first_on,
       0::bigint AS attempts, 0::bigint AS attempts_passed, NULL::bigint AS first_placed, NULL::integer AS passed_on, NULL::bigint AS score
  FROM verify_facts f JOIN verify_trainings t USING (training)
 GROUP BY f.person, f.training, f.wave, f.year, f.platform, f.course;
INSERT INTO verify_sums
SELECT person, training, wave, year, platform, course, NULL, false, NULL, NULL, NULL, NULL, count(*), count(*) FILTER (WHERE ok),
       min(placed), min(day) FILTER (WHERE ok), max(score)
  FROM verify_attempts GROUP BY person, training, wave, year, platform, course;
ANALYZE verify_sums;

CREATE TEMP TABLE verify_sets ON COMMIT DROP AS
SELECT CASE grouping(wave, year, platform, course) WHEN 15 THEN 'training' WHEN 7 THEN 'wave' WHEN 11 THEN 'year' WHEN 13 THEN 'platform'
                                                   ELSE 'course' END COLLATE "C" AS scope,
       person, training, coalesce(wave, '') COLLATE "C" AS wave, coalesce(year, 0) AS year, coalesce(platform, '') COLLATE "C" AS platform,
       coalesce(course, '') COLLATE "C" AS course, min(enrolled_on) AS enrolled_on, bool_or(learned) AS learned, max(progress) AS progress,
       min(progressed_on) AS progressed_on, min(certified_on) AS certified_on, min(first_on) AS first_on, sum(attempts)::bigint AS attempts,
       sum(attempts_passed)::bigint AS attempts_passed, min(first_placed) AS first_placed, min(passed_on) AS passed_on, max(score) AS score
  FROM verify_sums
 GROUP BY GROUPING SETS ((person, training), (person, training, wave), (person, training, year), (person, training, platform),
                         (person, training, platform, course))
-- Without a wave, or without a platform, there is no such set.
HAVING NOT (grouping(wave) = 0 AND wave = '' OR grouping(platform) = 0 AND platform IS NULL);
ANALYZE verify_sets;

-- The rules that hold: one of the attempts that a rule judges decides, as the rule says which.
CREATE TEMP TABLE verify_passed ON COMMIT DROP AS
SELECT DISTINCT s.scope, s.person, s.training, s.wave, s.year, s.platform, s.course
  FROM (SELECT CASE grouping(wave, year, platform, course) WHEN 15 THEN 'training' WHEN 7 THEN 'wave' WHEN 11 THEN 'year'
                                                           WHEN 13 THEN 'platform' ELSE 'course' END COLLATE "C" AS scope,
               person, training, coalesce(wave, '') AS wave, coalesce(year, 0) AS year, coalesce(platform, '') AS platform,
               coalesce(course, '') AS course, rule AS position, bool_or(ok) AS any_ok, min(placed) % 2 = 1 AS first_ok,
               max(placed) % 2 = 1 AS last_ok
          FROM verify_attempts
         WHERE rule IS NOT NULL
         GROUP BY GROUPING SETS ((person, training, rule), (person, training, wave, rule), (person, training, year, rule),
                                 (person, training, platform, rule), (person, training, platform, course, rule))) j
  JOIN verify_rules r USING (training, position)
  JOIN verify_sets s USING (scope, person, training, wave, year, platform, course)
 WHERE CASE r.attempt WHEN 'best' THEN any_ok WHEN 'first' THEN first_ok ELSE last_ok END
   AND (r.min_progress IS NULL OR s.progress >= r.min_progress) AND (NOT r.certificate OR s.certified_on IS NOT NULL);
-- The day on which so many days of class were reached.
CREATE TEMP TABLE verify_attended ON COMMIT DROP AS
SELECT CASE grouping(f.wave, f.year) WHEN 3 THEN 'training' WHEN 1 THEN 'wave' ELSE 'year' END COLLATE "C" AS scope, f.person, f.training,
       coalesce(f.wave, '') AS wave, coalesce(f.year, 0) AS year,
       (array_agg(DISTINCT f.day ORDER BY f.day))[min(t.completion_min_attendance)] AS attended_on
  FROM verify_facts f JOIN verify_trainings t USING (training)
 WHERE f.kind = 'attendance' AND t.completion_min_attendance IS NOT NULL
 GROUP BY GROUPING SETS ((f.person, f.training), (f.person, f.training, f.wave), (f.person, f.training, f.year));
ANALYZE verify_passed, verify_attended;

CREATE TEMP TABLE verify_outcomes ON COMMIT DROP AS
SELECT scope, person, training, wave, year, platform, course, enrolled_on, first_on, passed_on, completed_on, progress,
       enrolled_on IS NOT NULL AS enrolled, learned OR attempts > 0 AS participated, completed_on IS NOT NULL AS completed,
       attempts > 0 AS sat, passed, attempts > 0 AND NOT passed AS failed, certified, passed_first, score, attempts, attempts_passed
  FROM (SELECT s.*, s.certified_on IS NOT NULL AS certified, p.person IS NOT NULL AS passed,
               s.first_placed % 2 IS NOT DISTINCT FROM 1 AS passed_first,
               least(s.progressed_on, CASE WHEN t.completion_by = 'passed' AND p.person IS NOT NULL THEN s.passed_on END,
                     CASE WHEN t.completion_by = 'certificate' THEN s.certified_on END, a.attended_on) AS completed_on
          FROM verify_sets s
          JOIN verify_trainings t USING (training)
          LEFT JOIN verify_passed p USING (scope, person, training, wave, year, platform, course)
          LEFT JOIN verify_attended a ON a.scope = s.scope AND a.person = s.person AND a.training = s.training AND a.wave = s.wave
                                     AND a.year = s.year) o;
ANALYZE verify_outcomes;
