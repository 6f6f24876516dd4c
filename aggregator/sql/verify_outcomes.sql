-- What sets of a person's facts amount to. Facts are summed up by all that tells sets apart first: mostly few rows for each person.
CREATE TEMP TABLE verify_attempts ON COMMIT DROP AS
SELECT person, combination, year, rule, day, ok, round(share * 10000)::bigint AS score,
       -- The order of attempts and, in the lowest bit, what came of them: the least is the first one, the greatest the last.
       row_number() OVER (ORDER BY us, attempt, entity) * 2 + ok::integer AS placed
  FROM verify_facts WHERE sat;
CREATE TEMP TABLE verify_sums ON COMMIT DROP AS
SELECT f.person, f.combination, f.year, min(f.day) FILTER (WHERE f.kind = 'enrollment') AS enrolled_on,
       bool_or(f.kind IN ('learning', 'attendance')) AS learned, max(f.progress) AS progress,
       min(f.day) FILTER (WHERE f.progress >= t.completion_min_progress - pg_temp.verify_slack()) AS progressed_on,
       min(f.day) FILTER (WHERE f.kind = 'certificate') AS certified_on, min(f.day) FILTER (WHERE f.kind <> 'attendance') AS first_on,
       0::bigint AS attempts, 0::bigint AS attempts_passed, NULL::bigint AS first_placed, NULL::bigint AS score
  FROM verify_facts f JOIN verify_trainings t USING (training)
 GROUP BY f.person, f.combination, f.year;
INSERT INTO verify_sums
SELECT person, combination, year, NULL, false, NULL, NULL, NULL, NULL, count(*), count(*) FILTER (WHERE ok), min(placed),
       max(score)
  FROM verify_attempts GROUP BY person, combination, year;
ANALYZE verify_sums;

CREATE TEMP TABLE verify_sets ON COMMIT DROP AS
SELECT m.cell, CASE WHEN m.by_year THEN s.year ELSE 0 END AS year, s.person, min(s.enrolled_on) AS enrolled_on, bool_or(s.learned) AS learned,
       max(s.progress) AS progress, min(s.progressed_on) AS progressed_on, min(s.certified_on) AS certified_on, min(s.first_on) AS first_on,
       sum(s.attempts)::bigint AS attempts, sum(s.attempts_passed)::bigint AS attempts_passed, min(s.first_placed) AS first_placed,
       max(s.score) AS score
  FROM verify_sums s JOIN verify_spread m USING (combination)
 GROUP BY 1, 2, 3;
ANALYZE verify_sets;

-- When somebody had got as far as a rule asks.
CREATE TEMP TABLE verify_as_far ON COMMIT DROP AS
SELECT m.cell, CASE WHEN m.by_year THEN f.year ELSE 0 END AS year, f.person, r.position, min(f.day) AS reached_on
  FROM verify_facts f
  JOIN verify_rules r ON r.training = f.training AND f.progress >= r.min_progress - pg_temp.verify_slack()
  JOIN verify_spread m USING (combination)
 GROUP BY 1, 2, 3, 4;
-- Of the attempts that a rule judges: what came of them, and when. Days go up with the order.
CREATE TEMP TABLE verify_judged ON COMMIT DROP AS
SELECT m.cell, CASE WHEN m.by_year THEN a.year ELSE 0 END AS year, a.person, a.rule AS position, bool_or(a.ok) AS any_ok,
       min(a.placed) % 2 = 1 AS first_ok, max(a.placed) % 2 = 1 AS last_ok, min(a.day) AS first_on, min(a.day) FILTER (WHERE a.ok) AS ok_on,
       max(a.placed) FILTER (WHERE NOT a.ok) AS failed
  FROM verify_attempts a JOIN verify_spread m USING (combination)
 WHERE a.rule IS NOT NULL
 GROUP BY 1, 2, 3, 4;
ANALYZE verify_judged;
-- Where the last attempt counts it has passed since the first one after the last failure.
CREATE TEMP TABLE verify_ok_since ON COMMIT DROP AS
SELECT j.cell, j.year, j.person, j.position, min(a.day) AS ok_since
  FROM verify_judged j
  JOIN verify_cells c USING (cell)
  JOIN verify_rules r ON r.training = c.training AND r.position = j.position AND r.attempt = 'last'
  JOIN verify_spread m USING (cell)
  JOIN verify_attempts a ON a.person = j.person AND a.combination = m.combination AND a.rule = j.position
                        AND j.year = CASE WHEN m.by_year THEN a.year ELSE 0 END
 WHERE j.last_ok AND a.placed > coalesce(j.failed, 0)
 GROUP BY 1, 2, 3, 4;
-- The rules that hold: one of the attempts that a rule judges decides, as the rule says which; of them the first attempt that is ok, and
-- when the last of what one of them asks for was there.
CREATE TEMP TABLE verify_passed ON COMMIT DROP AS
SELECT s.cell, s.year, s.person, min(j.ok_on) AS passed_on,
       min(greatest(CASE r.attempt WHEN 'best' THEN j.ok_on WHEN 'first' THEN j.first_on ELSE l.ok_since END, q.reached_on,
                    CASE WHEN r.certificate THEN s.certified_on END)) AS held_on
  FROM verify_judged j
  JOIN verify_cells c USING (cell)
  JOIN verify_rules r USING (training, position)
  JOIN verify_sets s USING (cell, year, person)
  LEFT JOIN verify_as_far q USING (cell, year, person, position)
  LEFT JOIN verify_ok_since l USING (cell, year, person, position)
 WHERE CASE r.attempt WHEN 'best' THEN j.any_ok WHEN 'first' THEN j.first_ok ELSE j.last_ok END
   AND (r.min_progress IS NULL OR q.reached_on IS NOT NULL) AND (NOT r.certificate OR s.certified_on IS NOT NULL)
 GROUP BY s.cell, s.year, s.person;
-- The day on which so many days of class were reached.
CREATE TEMP TABLE verify_attended ON COMMIT DROP AS
SELECT m.cell, CASE WHEN m.by_year THEN f.year ELSE 0 END AS year, f.person,
       (array_agg(DISTINCT f.day ORDER BY f.day))[min(t.completion_min_attendance)] AS attended_on
  FROM verify_facts f
  JOIN verify_trainings t USING (training)
  JOIN verify_spread m USING (combination)
 WHERE f.kind = 'attendance' AND t.completion_min_attendance IS NOT NULL
 GROUP BY 1, 2, 3;
ANALYZE verify_passed, verify_attended;

CREATE TEMP TABLE verify_outcomes ON COMMIT DROP AS
SELECT cell, year, person, enrolled_on, first_on, passed_on, completed_on, progress, enrolled_on IS NOT NULL AS enrolled,
       learned OR attempts > 0 AS participated, completed_on IS NOT NULL AS completed, attempts > 0 AS sat, passed,
       attempts > 0 AND NOT passed AS failed, certified, passed_first, score, attempts, attempts_passed
  FROM (SELECT s.*, p.passed_on, s.certified_on IS NOT NULL AS certified, p.person IS NOT NULL AS passed,
               s.first_placed % 2 IS NOT DISTINCT FROM 1 AS passed_first,
               least(s.progressed_on, CASE WHEN t.completion_by = 'passed' THEN p.held_on END,
                     CASE WHEN t.completion_by = 'certificate' THEN s.certified_on END, a.attended_on) AS completed_on
          FROM verify_sets s
          JOIN verify_cells c USING (cell)
          JOIN verify_trainings t USING (training)
          LEFT JOIN verify_passed p USING (cell, year, person)
          LEFT JOIN verify_attended a USING (cell, year, person)) o;
ANALYZE verify_outcomes;
-- Of a training over all years, for who asks about one.
CREATE TEMP VIEW verify_of_training AS
SELECT c.training, o.* FROM verify_outcomes o JOIN verify_cells c USING (cell) WHERE c.scope = 'training' AND o.year = 0;
CREATE TEMP VIEW verify_of_wave AS
SELECT c.training, c.wave, o.* FROM verify_outcomes o JOIN verify_cells c USING (cell) WHERE c.scope = 'wave';
