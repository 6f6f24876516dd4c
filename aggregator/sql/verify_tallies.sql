-- Whether somebody has an open account, and one that is activated: anywhere, and on a platform.
CREATE TEMP TABLE verify_holders ON COMMIT DROP AS
SELECT person, coalesce(platform, '') COLLATE "C" AS platform, bool_or(activated) AS activated, bool_or(stated) AS stated
  FROM verify_accounts WHERE open
 GROUP BY GROUPING SETS ((person), (person, platform));
ANALYZE verify_holders;

-- Each person in a training: where they count there, and what for. An audience, or who was invited, counts with all of it.
CREATE TEMP TABLE verify_in_training ON COMMIT DROP AS
SELECT t.person, t.training, t.unit, t.rank IS NOT NULL AS listed, h.person IS NOT NULL AS account, h.activated, o.enrolled, o.participated,
       o.completed, o.sat, o.passed, o.failed, o.certified, o.passed_first, o.score, o.attempts, o.attempts_passed
  FROM verify_person_trainings t
  LEFT JOIN verify_holders h ON h.person = t.person AND h.platform = ''
  LEFT JOIN verify_of_training o ON o.person = t.person AND o.training = t.training;
ANALYZE verify_in_training;

-- One row for each row of the tallies that a person counts in.
CREATE TEMP TABLE verify_counted ON COMMIT DROP AS
SELECT 'training' COLLATE "C" AS scope, training, '' COLLATE "C" AS wave, 0 AS year, '' COLLATE "C" AS value, unit, '' COLLATE "C" AS study_group,
       listed, false AS first_time, account, activated, enrolled, participated, completed, sat, passed, failed, certified, passed_first, score,
       attempts, attempts_passed
  FROM verify_in_training
UNION ALL
SELECT 'audience', training, '', 0, audience, unit, '', listed, false, account, activated, enrolled, participated, completed, sat, passed,
       failed, certified, passed_first, score, attempts, attempts_passed
  FROM verify_in_training JOIN verify_audiences USING (person, training)
UNION ALL
SELECT 'inviter', training, '', 0, invited_by, unit, '', listed, false, account, activated, enrolled, participated, completed, sat, passed,
       failed, certified, passed_first, score, attempts, attempts_passed
  FROM verify_in_training
  JOIN (SELECT DISTINCT person, training, invited_by FROM verify_listings WHERE invited_by IS NOT NULL) i USING (person, training)
UNION ALL
SELECT 'wave', w.training, w.wave, 0, '', w.unit, w.study_group, true, false, h.person IS NOT NULL, h.activated, o.enrolled, o.participated,
       o.completed, o.sat, o.passed, o.failed, o.certified, o.passed_first, o.score, o.attempts, o.attempts_passed
  FROM verify_person_waves w
  LEFT JOIN verify_holders h ON h.person = w.person AND h.platform = ''
  LEFT JOIN verify_of_wave o ON o.person = w.person AND o.training = w.training AND o.wave = w.wave
UNION ALL
SELECT 'course', t.training, '', 0, c.platform || ' ' || c.course, t.unit, '', t.listed, false, t.account, t.activated, o.enrolled, o.participated,
       o.completed, o.sat, o.passed, o.failed, o.certified, o.passed_first, o.score, o.attempts, o.attempts_passed
  FROM verify_in_training t
  JOIN verify_cells c ON c.scope = 'course' AND c.training = t.training
  JOIN verify_outcomes o ON o.person = t.person AND o.cell = c.cell
UNION ALL
-- On a platform counts who has facts there, or an account that an event told of.
SELECT 'platform', t.training, '', 0, p.platform, t.unit, '', t.listed, false, h.person IS NOT NULL, h.activated, o.enrolled, o.participated,
       o.completed, o.sat, o.passed, o.failed, o.certified, o.passed_first, o.score, o.attempts, o.attempts_passed
  FROM verify_in_training t
  JOIN verify_cells p ON p.scope = 'platform' AND p.training = t.training
  LEFT JOIN verify_holders h ON h.person = t.person AND h.platform = p.platform
  LEFT JOIN verify_outcomes o ON o.person = t.person AND o.cell = p.cell
 WHERE o.person IS NOT NULL OR h.stated
UNION ALL
-- Over all trainings a measure holds if it holds in any; attempts add up; the best score counts.
SELECT 'year', '', '', y.year, '', y.unit, '', y.rank IS NOT NULL, y.year = min(y.year) OVER (PARTITION BY y.person), h.person IS NOT NULL,
       h.activated, o.enrolled, o.participated, o.completed, o.sat, o.passed, o.failed, o.certified, o.passed_first, o.score, o.attempts,
       o.attempts_passed
  FROM verify_person_years y
  LEFT JOIN verify_holders h ON h.person = y.person AND h.platform = ''
  LEFT JOIN (SELECT person, year, bool_or(enrolled) AS enrolled, bool_or(participated) AS participated, bool_or(completed) AS completed,
                    bool_or(sat) AS sat, bool_or(passed) AS passed, bool_or(failed) AS failed, bool_or(certified) AS certified,
                    bool_or(passed_first) AS passed_first, max(score) AS score, sum(attempts)::bigint AS attempts,
                    sum(attempts_passed)::bigint AS attempts_passed
               FROM verify_outcomes WHERE year <> 0 GROUP BY person, year) o ON o.person = y.person AND o.year = y.year
UNION ALL
SELECT 'all', '', '', 0, '', a.unit, '', a.rank IS NOT NULL, false, h.person IS NOT NULL, h.activated, o.enrolled, o.participated, o.completed,
       o.sat, o.passed, o.failed, o.certified, o.passed_first, o.score, o.attempts, o.attempts_passed
  FROM verify_persons a
  LEFT JOIN verify_holders h ON h.person = a.person AND h.platform = ''
  LEFT JOIN (SELECT person, bool_or(enrolled) AS enrolled, bool_or(participated) AS participated, bool_or(completed) AS completed,
                    bool_or(sat) AS sat, bool_or(passed) AS passed, bool_or(failed) AS failed, bool_or(certified) AS certified,
                    bool_or(passed_first) AS passed_first, max(score) AS score, sum(attempts)::bigint AS attempts,
                    sum(attempts_passed)::bigint AS attempts_passed
               FROM verify_of_training GROUP BY person) o ON o.person = a.person;

CREATE TEMP TABLE verify_tallies ON COMMIT DROP AS
SELECT scope, training, wave, year::smallint AS year, value, unit, study_group, count(*) FILTER (WHERE listed) AS registered,
       count(*) FILTER (WHERE account) AS accounts, count(*) FILTER (WHERE activated) AS activated, count(*) FILTER (WHERE enrolled) AS enrolled,
       count(*) FILTER (WHERE participated) AS participated, count(*) FILTER (WHERE completed) AS completed, count(*) FILTER (WHERE sat) AS sat,
       count(*) FILTER (WHERE passed) AS passed, count(*) FILTER (WHERE failed) AS failed, count(*) FILTER (WHERE certified) AS certified,
       count(*) FILTER (WHERE NOT listed) AS not_registered, count(*) FILTER (WHERE first_time) AS first_time,
       count(*) FILTER (WHERE passed_first) AS passed_first, count(score) AS scored, coalesce(sum(attempts), 0)::bigint AS attempts,
       coalesce(sum(attempts_passed), 0)::bigint AS attempts_passed, coalesce(sum(score), 0)::bigint AS score_sum
  FROM verify_counted
 WHERE pg_temp.verify_wanted(training, unit)
 GROUP BY scope, training, wave, year, value, unit, study_group;

SELECT pg_temp.verify_compare('tallies', '(SELECT * FROM gen_N.tallies WHERE pg_temp.verify_wanted(training, unit))', 'verify_tallies',
    '{scope,training,wave,year,value,unit,study_group}',
    '{registered,accounts,activated,enrolled,participated,completed,sat,passed,failed,certified,not_registered,first_time,passed_first,scored,attempts,attempts_passed,score_sum}');
