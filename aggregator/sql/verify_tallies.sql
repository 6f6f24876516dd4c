-- Each row of the tallies that a person counts in. Scope training also serves what counts with all of the training.
CREATE TEMP TABLE verify_counted ON COMMIT DROP AS
SELECT 'training' COLLATE "C" AS scope, 'training' COLLATE "C" AS outcome, person, training, ''::text COLLATE "C" AS wave, 0 AS year,
       ''::text COLLATE "C" AS value, unit, ''::text COLLATE "C" AS study_group, rank IS NOT NULL AS listed, NULL::boolean AS first_time,
       ''::text COLLATE "C" AS platform, ''::text COLLATE "C" AS course
  FROM verify_person_trainings
UNION ALL
SELECT 'wave', 'wave', person, training, wave, 0, '', unit, study_group, true, NULL, '', '' FROM verify_person_waves
UNION ALL
SELECT 'audience', 'training', person, training, '', 0, audience, t.unit, '', true, NULL, '', ''
  FROM verify_audiences JOIN verify_person_trainings t USING (person, training)
UNION ALL
SELECT DISTINCT 'inviter', 'training', person, training, '', 0, l.invited_by, t.unit, '', true, NULL::boolean, '', ''
  FROM verify_listings l JOIN verify_person_trainings t USING (person, training) WHERE l.invited_by IS NOT NULL
UNION ALL
SELECT 'course', 'course', person, training, '', 0, o.platform || ' ' || o.course, t.unit, '', t.rank IS NOT NULL, NULL, o.platform, o.course
  FROM verify_outcomes o JOIN verify_person_trainings t USING (person, training) WHERE o.scope = 'course'
UNION ALL
SELECT 'platform', 'platform', person, training, '', 0, x.platform, t.unit, '', t.rank IS NOT NULL, NULL, x.platform, ''
  FROM (SELECT person, training, platform FROM verify_outcomes WHERE scope = 'platform'
        UNION SELECT a.person, p.training, a.platform FROM verify_accounts a JOIN verify_platforms p USING (platform) WHERE a.open AND a.stated) x
  JOIN verify_person_trainings t USING (person, training)
UNION ALL
SELECT 'year', 'year', person, '', '', year, '', unit, '', rank IS NOT NULL, year = min(year) OVER (PARTITION BY person), '', ''
  FROM verify_person_years
UNION ALL
SELECT 'all', 'training', person, '', '', 0, '', unit, '', rank IS NOT NULL, NULL, '', '' FROM verify_persons;
ANALYZE verify_counted;

-- Over all trainings a measure holds if it holds in any; attempts add up; the best score counts.
CREATE TEMP TABLE verify_united ON COMMIT DROP AS
SELECT scope, person, CASE WHEN scope IN ('training', 'year') AND grouping(training) = 1 THEN '' ELSE training END COLLATE "C" AS training,
       wave, year, platform, course, bool_or(enrolled_on IS NOT NULL) AS enrolled, bool_or(learned OR attempts > 0) AS participated,
       bool_or(completed_on IS NOT NULL) AS completed, bool_or(attempts > 0) AS sat, bool_or(passed) AS passed,
       bool_or(attempts > 0 AND NOT passed) AS failed, bool_or(certified) AS certified, bool_or(passed_first) AS passed_first,
       max(score) AS score, sum(attempts) AS attempts, sum(attempts_passed) AS attempts_passed
  FROM verify_outcomes
 GROUP BY GROUPING SETS ((scope, person, training, wave, year, platform, course), (scope, person, wave, year, platform, course))
HAVING grouping(training) = 0 OR scope IN ('training', 'year');
ANALYZE verify_united;

CREATE TEMP TABLE verify_tallies ON COMMIT DROP AS
SELECT c.scope, c.training, c.wave, c.year::smallint AS year, c.value, c.unit, c.study_group,
       count(*) FILTER (WHERE c.listed) AS registered,
       count(*) FILTER (WHERE CASE WHEN c.scope = 'platform' THEN p.person ELSE a.person END IS NOT NULL) AS accounts,
       count(*) FILTER (WHERE CASE WHEN c.scope = 'platform' THEN p.activated ELSE a.activated END) AS activated,
       count(*) FILTER (WHERE o.enrolled) AS enrolled, count(*) FILTER (WHERE o.participated) AS participated,
       count(*) FILTER (WHERE o.completed) AS completed, count(*) FILTER (WHERE o.sat) AS sat, count(*) FILTER (WHERE o.passed) AS passed,
       count(*) FILTER (WHERE o.failed) AS failed, count(*) FILTER (WHERE o.certified) AS certified,
       count(*) FILTER (WHERE NOT c.listed) AS not_registered, count(*) FILTER (WHERE c.first_time) AS first_time,
       count(*) FILTER (WHERE o.passed_first) AS passed_first, count(o.score) AS scored,
       coalesce(sum(o.attempts), 0)::bigint AS attempts, coalesce(sum(o.attempts_passed), 0)::bigint AS attempts_passed,
       coalesce(sum(o.score), 0)::bigint AS score_sum
  FROM verify_counted c
  LEFT JOIN verify_united o ON o.scope = c.outcome AND o.person = c.person AND o.training = c.training AND o.wave = c.wave
                           AND o.year = c.year AND o.platform = c.platform AND o.course = c.course
  LEFT JOIN (SELECT person, bool_or(activated) AS activated FROM verify_accounts WHERE open GROUP BY person) a ON a.person = c.person
  LEFT JOIN (SELECT person, platform, bool_or(activated) AS activated FROM verify_accounts WHERE open GROUP BY person, platform) p
         ON p.person = c.person AND p.platform = c.platform
 WHERE pg_temp.verify_wanted(c.training, c.unit)
 GROUP BY c.scope, c.training, c.wave, c.year, c.value, c.unit, c.study_group;

SELECT pg_temp.verify_compare('tallies', '(SELECT * FROM gen_N.tallies WHERE pg_temp.verify_wanted(training, unit))', 'verify_tallies',
    '{scope,training,wave,year,value,unit,study_group}',
    '{registered,accounts,activated,enrolled,participated,completed,sat,passed,failed,certified,not_registered,first_time,passed_first,scored,attempts,attempts_passed,score_sum}');
