-- Deploy mooc_pulse:bi_plans to pg
-- Plans and deadlines against what was reached, and head counts of nameless people.
BEGIN;
SET LOCAL ROLE mooc_owner;

-- Head counts: of one activity on one day the newest form of a source counts. Those of no unit are the wave's province's. A wave has
-- one training: named first, a filter on it reaches the rows.
CREATE VIEW pulse.current_headcounts AS
SELECT DISTINCT ON (w.training, h.source, h.wave, h.unit, h.activity, h.day, h.audiences)
       h.*, w.training, coalesce(nullif(h.unit, ''), l.province) AS counted_unit
  FROM pulse.live_headcounts h
  LEFT JOIN pulse.live_waves w ON w.wave = h.wave
  LEFT JOIN pulse.wave_labels l ON l.wave = h.wave
 WHERE h.in_force
 ORDER BY w.training, h.source, h.wave, h.unit, h.activity, h.day, h.audiences, h.event_time DESC, h.revision DESC, h.data_hash DESC, h.entity;
COMMENT ON VIEW pulse.current_headcounts IS 'Head counts in force, of forms sent again the newest';

SELECT pulse.show_figures('headcounts', 'unit or wave', $$
SELECT h.training, nullif(h.wave, '') AS wave, coalesce(l.name, nullif(h.wave, '')) COLLATE "vi-x-icu" AS wave_name,
       nullif(h.unit, '') AS unit, coalesce(u.name, nullif(h.unit, '')) COLLATE "vi-x-icu" AS unit_name,
       h.activity COLLATE "vi-x-icu" AS activity, h.day, nullif(array_to_string(h.audiences, ' | '), '') AS audience,
       (SELECT string_agg(coalesce(a.name_vi, x.code), ' | ' ORDER BY x.n)
          FROM unnest(h.audiences) WITH ORDINALITY AS x (code, n)
          LEFT JOIN pulse.audience_labels a ON a.kind = 'audience' AND a.audience = x.code COLLATE "C") COLLATE "vi-x-icu" AS audience_name,
       h.people AS attendances, h.event_time AS reported_at, h.source, nullif(h.file, '') AS file, nullif(h.sheet, '') AS sheet,
       nullif(h.row_number, 0) AS "row", coalesce(n.unit_path, nullif(h.unit, '')) COLLATE "vi-x-icu" AS unit_path,
       greatest(c.changed_at, (SELECT r.changed_at FROM pulse.raised r)) AS changed_at
  FROM pulse.current_headcounts h
  LEFT JOIN pulse.wave_labels l ON l.wave = h.wave
  LEFT JOIN pulse.units u ON u.unit = h.unit
  LEFT JOIN pulse.current_paths n ON n.unit = h.unit
  LEFT JOIN pulse.changed c ON c.training = '' AND c.unit = CASE WHEN h.unit = '' THEN '*' ELSE h.unit END$$);

-- Targets. A unit's own people and those of the units below it count, by today's line of management; a unit that has ended
-- has those of its last day.
CREATE VIEW pulse.target_trees AS
SELECT t.*, v.version_from
  FROM pulse.worked_targets t
  LEFT JOIN pulse.units u ON u.unit = t.unit
  JOIN pulse.tree_versions v
    ON v.tree = 'management' AND least((SELECT today FROM pulse.today), u.valid_to) BETWEEN v.version_from AND v.version_to;
COMMENT ON VIEW pulse.target_trees IS 'Targets with the version of the tree by which people count for them';

CREATE VIEW pulse.management_people AS
SELECT v.version_from, f.scope, f.training, f.wave, f.year, coalesce(p.ancestor, f.unit) AS unit, sum(f.registered)::bigint AS registered,
       sum(f.accounts)::bigint AS accounts, sum(f.activated)::bigint AS activated, sum(f.enrolled)::bigint AS enrolled,
       sum(f.participated)::bigint AS participated, sum(f.completed)::bigint AS completed, sum(f.sat)::bigint AS sat,
       sum(f.passed)::bigint AS passed, sum(f.failed)::bigint AS failed, sum(f.certified)::bigint AS certified
  FROM pulse.tree_versions v
 CROSS JOIN pulse.live_tallies f
  LEFT JOIN pulse.unit_paths p ON p.tree = v.tree AND p.version_from = v.version_from AND p.unit = f.unit
 WHERE v.tree = 'management' AND f.value = '' AND f.unit <> ''
 GROUP BY v.version_from, f.scope, f.training, f.wave, f.year, coalesce(p.ancestor, f.unit);
COMMENT ON VIEW pulse.management_people IS 'Per version of the tree of management the people of each unit with all below it';

CREATE VIEW pulse.management_headcounts AS
SELECT v.version_from, coalesce(p.ancestor, h.counted_unit) AS unit, h.training, h.wave, h.day, h.audiences, h.people
  FROM pulse.tree_versions v
 CROSS JOIN pulse.current_headcounts h
  LEFT JOIN pulse.unit_paths p ON p.tree = v.tree AND p.version_from = v.version_from AND p.unit = h.counted_unit
 WHERE v.tree = 'management';
COMMENT ON VIEW pulse.management_headcounts IS 'Per version of the tree of management the head counts of each unit and all below it';

-- A branch per scope and kind of count, with plain columns: a filter on training or wave reaches the rows.
DO $do$
DECLARE
    figures text := 't.unit, t.measure, t.phase, t.begins, t.ends, t.approximate, t.target_kind, t.share, t.staff, t.staff_on, t.per_helper, '
        't.helpers, t.planned, t.planned_max';
    branches text := '';
    branch record;
BEGIN
    FOR branch IN SELECT * FROM (VALUES
        ($$t.scope = 'wave'$$, 't.training', 't.wave', 'h.wave = t.wave'),
        ($$t.scope = 'training'$$, 't.training', 'NULL::text COLLATE "C"', 'h.training = t.training'),
        ($$t.scope IN ('all', 'year')$$, 'NULL::text COLLATE "C"', 'NULL::text COLLATE "C"', 'true')) v (scope, training, wave, its_forms)
    LOOP
        branches := branches || CASE WHEN branches = '' THEN '' ELSE ' UNION ALL ' END || format($$
        SELECT t.target, t.scope, t.version_from, %2$s AS training, %3$s AS wave, nullif(t.year, 0::smallint) AS year, t.training AS state_training, %5$s,
               coalesce(f.registered, 0) > 0 AS received,
               CASE t.measure
                   WHEN 'registered' THEN f.registered WHEN 'accounts' THEN f.accounts WHEN 'activated' THEN f.activated
                   WHEN 'enrolled' THEN f.enrolled WHEN 'participated' THEN f.participated WHEN 'completed' THEN f.completed
                   WHEN 'sat' THEN f.sat WHEN 'passed' THEN f.passed WHEN 'failed' THEN f.failed
                   WHEN 'certified' THEN f.certified END AS counted
          FROM pulse.target_trees t
          LEFT JOIN pulse.management_people f
            ON f.version_from = t.version_from AND f.scope = t.scope AND f.training = t.training AND f.wave = t.wave AND f.year = t.year
           AND f.unit = t.unit
         WHERE %1$s AND t.measure NOT LIKE 'attendances%%'
        UNION ALL
        SELECT t.target, t.scope, t.version_from, %2$s, %3$s, nullif(t.year, 0::smallint), t.training, %5$s, a.received, a.counted
          FROM pulse.target_trees t
          -- Summed by what tells targets apart alone: sorting their other columns along takes longer than to look them up again.
          JOIN (SELECT t.target, t.version_from, t.training, t.wave, count(h.people) > 0 AS received, sum(h.people)::bigint AS counted
                  FROM pulse.target_trees t
                  LEFT JOIN pulse.management_headcounts h
                    ON h.version_from = t.version_from AND h.unit = t.unit AND %4$s
                   AND (t.measure = 'attendances' OR substr(t.measure, 13) = ANY (h.audiences))
                   AND (h.day IS NULL OR h.day BETWEEN coalesce(t.begins, '-infinity') AND coalesce(t.ends, 'infinity'))
                 WHERE %1$s AND t.measure LIKE 'attendances%%'
                 GROUP BY t.target, t.version_from, t.training, t.wave) a
            ON a.target = t.target AND a.version_from = t.version_from AND a.training = t.training AND a.wave = t.wave
         WHERE %1$s AND t.measure LIKE 'attendances%%'$$,
            branch.scope, branch.training, branch.wave, branch.its_forms, figures);
    END LOOP;
    EXECUTE 'CREATE VIEW pulse.target_actuals AS ' || branches;
END $do$;
COMMENT ON VIEW pulse.target_actuals IS 'Targets with what was counted for them, and whether a list or form came at all';

SELECT pulse.show_figures('target_progress', 'unit', $$
SELECT t.target, t.scope AS target_scope, t.training,
       coalesce(l.name_vi, t.training) COLLATE "vi-x-icu" AS training_name,
       t.wave, w.wave_name, t.year, t.unit, coalesce(u.name, t.unit) COLLATE "vi-x-icu" AS unit_name,
       u.kind AS unit_kind, u.print_order, t.measure, t.target_kind, nullif(t.phase, '') AS phase, t.begins, t.ends, t.approximate,
       t.planned AS planned_low, t.planned_max AS planned_high, t.share, t.staff, t.staff_on, t.per_helper, t.helpers,
       r.actual, r.actual::numeric / nullif(t.planned, 0) AS target_rate,
       -- Not known where one of them is not: greatest() would pass that over.
       CASE WHEN r.actual >= t.planned THEN 0 ELSE t.planned - r.actual END AS remaining,
       s.state,
       CASE s.state WHEN 'no_form' THEN 'Chưa nộp biểu' WHEN 'no_list' THEN 'Chưa gửi danh sách' WHEN 'no_result' THEN 'Chưa có kết quả'
                    WHEN 'no_staff_count' THEN 'Chưa có số biên chế' WHEN 'exceeded' THEN 'Vượt' WHEN 'reached' THEN 'Đạt'
                    ELSE 'Chưa đạt' END COLLATE "vi-x-icu" AS status,
       CASE s.state WHEN 'no_form' THEN 'No form received' WHEN 'no_list' THEN 'No list received' WHEN 'no_result' THEN 'No result yet'
                    WHEN 'no_staff_count' THEN 'No staff count' WHEN 'exceeded' THEN 'Exceeded' WHEN 'reached' THEN 'Reached'
                    ELSE 'Not reached' END AS status_en,
       coalesce(n.unit_path, t.unit) COLLATE "vi-x-icu" AS unit_path,
       -- Who counts for a target stands below it by the tree of that day.
       greatest((SELECT max(c.changed_at) FROM pulse.unit_paths p
                   JOIN pulse.changed c ON c.training IN (t.state_training, '') AND c.unit = p.unit
                  WHERE p.tree = 'management' AND p.version_from = t.version_from AND p.ancestor = t.unit),
                (SELECT max(c.changed_at) FROM pulse.changed c WHERE c.training IN (t.state_training, '') AND c.unit IN (t.unit, '*')),
                r0.changed_at, r0.day_began) AS changed_at
  FROM pulse.target_actuals t
  CROSS JOIN pulse.raised r0
  LEFT JOIN pulse.current_paths n ON n.unit = t.unit
  LEFT JOIN pulse.training_labels l ON l.training = t.training
  LEFT JOIN bi.waves w ON w.wave = t.wave
  LEFT JOIN pulse.units u ON u.unit = t.unit
  LEFT JOIN pulse.training_state d ON d.training = t.state_training
  CROSS JOIN LATERAL (
      SELECT CASE WHEN t.received AND (t.measure = 'registered' OR t.measure LIKE 'attendances%'
                                        OR (d.has_data AND (t.measure <> 'completed' OR d.has_completion))) THEN t.counted END AS actual) r
  CROSS JOIN LATERAL (
      SELECT CASE WHEN NOT t.received THEN CASE WHEN t.measure LIKE 'attendances%' THEN 'no_form' ELSE 'no_list' END
                  WHEN r.actual IS NULL THEN 'no_result'
                  WHEN t.planned IS NULL THEN 'no_staff_count'
                  WHEN r.actual > t.planned_max THEN 'exceeded'
                  WHEN r.actual >= t.planned THEN 'reached'
                  ELSE 'not_reached' END AS state) s$$);

-- Deadlines --------------------------------------------------------------------------------------------------------------

CREATE VIEW pulse.due_days AS
SELECT s.day AS day_0, s.number, n.working_days, min(e.day) AS due
  FROM pulse.counted_days s
 CROSS JOIN (SELECT DISTINCT deadline_working_days AS working_days FROM pulse.live_trainings WHERE deadline_working_days > 0) n
  LEFT JOIN (SELECT stretch, number, min(day) AS day FROM pulse.counted_days GROUP BY stretch, number) e
         ON e.stretch = s.stretch AND e.number = s.number + n.working_days
 GROUP BY s.day, s.number, n.working_days;
COMMENT ON VIEW pulse.due_days IS 'By day 0 and working days given: the day due, NULL where the calendar does not reach so far';

CREATE VIEW pulse.uncovered_days AS
WITH covered AS (
    SELECT n.working_days, s.stretch, min(n.day_0) AS first, max(n.day_0) AS last
      FROM pulse.due_days n JOIN pulse.counted_days s ON s.day = n.day_0
     WHERE n.due IS NOT NULL
     GROUP BY n.working_days, s.stretch
)
SELECT working_days, coalesce(lag(last) OVER (PARTITION BY working_days ORDER BY first), '-infinity') AS after, first AS before
  FROM covered
UNION ALL
SELECT w.working_days, coalesce(max(c.last), '-infinity'), 'infinity'
  FROM (SELECT DISTINCT deadline_working_days AS working_days FROM pulse.live_trainings WHERE deadline_working_days > 0) w
  LEFT JOIN covered c USING (working_days)
 GROUP BY w.working_days;
COMMENT ON VIEW pulse.uncovered_days IS 'Between which days (both excluded) a day 0 has no due day: the calendar does not reach so far';

CREATE VIEW pulse.uncovered_deadlines AS
SELECT w.wave, l.day_0 AS day, sum(l.learners)::bigint AS learners
  FROM pulse.live_trainings t
  JOIN pulse.uncovered_days n ON n.working_days = t.deadline_working_days
  JOIN pulse.live_waves w ON w.training = t.training
 -- Wave by wave, grouped: a condition on it reaches the index, which begins with its training.
 CROSS JOIN LATERAL (
      SELECT d.day_0, sum(d.learners) AS learners
        FROM pulse.live_deadlines d
       WHERE d.training = w.training AND d.wave = w.wave AND d.day_0 > n.after AND d.day_0 < n.before
       GROUP BY d.day_0) l
 GROUP BY w.wave, l.day_0;
COMMENT ON VIEW pulse.uncovered_deadlines IS 'Learners whose due day cannot be worked out: the calendar does not cover it';

-- Counted row by row against the due day of its day 0; rows whose day the calendar does not reach find none. One number of people per
-- row, as integers, for bigints are summed as numerics, at three times the cost.
SELECT pulse.show_figures('deadline_status', 'unit', $$
SELECT c.training, w.training_name, c.wave, w.wave_name, c.unit, coalesce(u.name, c.unit) COLLATE "vi-x-icu" AS unit_name,
       u.kind AS unit_kind, u.print_order, (SELECT today FROM pulse.today) AS as_of, t.deadline_working_days,
       c.learners, c.on_time, c.late, c.overdue, c.at_risk, c.in_time, c.not_begun, c.not_computable, c.next_due,
       coalesce(n.unit_path, c.unit) COLLATE "vi-x-icu" AS unit_path,
       greatest(e.changed_at, (SELECT r.changed_at FROM pulse.raised r), (SELECT r.day_began FROM pulse.raised r)) AS changed_at
  -- OFFSET: whether it is known who completed is asked once per training, not for each of its rows.
  FROM (SELECT i.*, coalesce(a.has_completion, false) AS knows
          FROM pulse.live_trainings i LEFT JOIN pulse.training_completion a ON a.training = i.training
         WHERE i.deadline_working_days > 0 OFFSET 0) t
 CROSS JOIN (SELECT y.today, (SELECT n.number FROM pulse.working_days n WHERE n.day = (SELECT y.today FROM pulse.today y)) AS number
               FROM pulse.today y) d
 -- Training by training: a condition on it reaches the index also while two generations are kept, and it is no key to group by.
 CROSS JOIN LATERAL (
      SELECT t.training, l.wave, l.unit, sum(l.people)::bigint AS learners,
             coalesce(sum(l.people) FILTER (WHERE t.knows AND (l.completed_on <= b.due OR (NOT x.begun AND x.done))), 0)::bigint AS on_time,
             coalesce(sum(l.people) FILTER (WHERE t.knows AND x.done AND l.completed_on > b.due), 0)::bigint AS late,
             coalesce(sum(l.people) FILTER (WHERE t.knows AND NOT x.done AND d.today > b.due), 0)::bigint AS overdue,
             coalesce(sum(l.people) FILTER (WHERE x.open AND x.behind), 0)::bigint AS at_risk,
             coalesce(sum(l.people) FILTER (WHERE x.open AND NOT x.behind), 0)::bigint AS in_time,
             coalesce(sum(l.people) FILTER (WHERE NOT x.begun AND NOT x.done), 0)::bigint AS not_begun,
             coalesce(sum(l.people) FILTER (WHERE CASE WHEN t.knows THEN (x.begun AND b.due IS NULL) OR (x.open AND x.behind IS NULL)
                                                       ELSE x.begun OR x.done END), 0)::bigint AS not_computable,
             min(b.due) FILTER (WHERE x.open AND x.behind IS NOT NULL) AS next_due
        FROM (SELECT i.*, i.learners::integer AS people FROM pulse.live_deadlines i WHERE i.training = t.training) l
        -- Grouped, for a planner that knows each day to stand there once makes a table of them to look rows up in.
        LEFT JOIN (SELECT n.day_0, min(n.due) AS due, min(n.number) AS number
                     FROM pulse.due_days n WHERE n.working_days = t.deadline_working_days GROUP BY n.day_0) b ON b.day_0 = l.day_0
       -- Behind: fewer lectures done than working days have passed; not known where the calendar has no today.
       CROSS JOIN LATERAL (
             SELECT l.day_0 < 'infinity' AS begun, l.completed_on < 'infinity' AS done,
                    t.knows AND l.completed_on = 'infinity' AND d.today <= b.due AS open,
                    t.lectures IS NOT NULL AND l.lectures < d.number - b.number AS behind) x
       GROUP BY l.wave, l.unit) c
  LEFT JOIN bi.waves w ON w.wave = c.wave
  LEFT JOIN pulse.units u ON u.unit = c.unit
  LEFT JOIN pulse.current_paths n ON n.unit = c.unit
  LEFT JOIN pulse.changed e ON e.training = c.training AND e.unit = c.unit$$);

-- The plan of a whole training by unit, with all below it. Where its waves are planned and the training is not: what is planned of all waves
-- that have a list; known of some only, it is not known.
CREATE FUNCTION bi.training_plans(of_training text) RETURNS TABLE (unit text, planned bigint) LANGUAGE sql STABLE AS $$
WITH target AS MATERIALIZED (
    SELECT t.unit, t.target_scope FROM bi.target_progress t
     WHERE t.training = $1 COLLATE "C" AND t.measure = 'registered' AND t.planned_low IS NOT NULL
), of_waves AS (
    SELECT r.unit, CASE WHEN every(r.planned IS NOT NULL OR coalesce(r.registered, 0) = 0) THEN sum(r.planned)::bigint END AS planned
      FROM bi.unit_rollup r
     WHERE r.training = $1 COLLATE "C" AND r.tree = 'management' AND r.is_current
       AND EXISTS (SELECT FROM target WHERE target_scope = 'wave')
       AND r.unit NOT IN (SELECT unit FROM target WHERE target_scope = 'training')
     GROUP BY r.unit
)
SELECT f.unit, CASE WHEN w.unit IS NULL THEN f.planned ELSE w.planned END
  FROM bi.unit_rollup_training f LEFT JOIN of_waves w ON w.unit = f.unit
 WHERE f.training = $1 COLLATE "C" AND f.tree = 'management' AND f.is_current
$$;
COMMENT ON FUNCTION bi.training_plans IS
    'Kế hoạch của cả khóa theo đơn vị, gồm trực thuộc; trống nếu chỉ biết của một số đợt / The plan of a whole training by unit, all below it '
    'included; empty where it is known of some waves only';
REVOKE ALL ON FUNCTION bi.training_plans FROM PUBLIC;
GRANT EXECUTE ON FUNCTION bi.training_plans TO mooc_bi, mooc_writer;

GRANT SELECT ON pulse.current_headcounts, pulse.target_trees, pulse.management_people, pulse.management_headcounts, pulse.target_actuals, pulse.due_days,
    pulse.uncovered_days, pulse.uncovered_deadlines TO mooc_writer;

COMMIT;
