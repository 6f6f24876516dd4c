-- Deploy mooc_pulse:bi_plans to pg
-- Plans and deadlines against what was reached, and head counts of nameless people.
BEGIN;
SET LOCAL ROLE mooc_owner;

-- Head counts: of one activity on one day the newest form of a source counts. Those of no unit are the wave's province's.
CREATE VIEW pulse.current_headcounts AS
SELECT h.*, w.training, coalesce(nullif(h.unit, ''), l.province) AS counted_unit
  FROM (SELECT DISTINCT ON (source, wave, unit, activity, day, audiences) *
          FROM pulse.live_headcounts WHERE in_force
         ORDER BY source, wave, unit, activity, day, audiences, event_time DESC, revision DESC, data_hash DESC, entity) h
  LEFT JOIN pulse.live_waves w ON w.wave = h.wave
  LEFT JOIN pulse.wave_labels l ON l.wave = h.wave;
COMMENT ON VIEW pulse.current_headcounts IS 'Head counts in force, of forms sent again the newest';

CREATE VIEW bi.headcounts AS
SELECT h.training, nullif(h.wave, '') AS wave, coalesce(l.name, nullif(h.wave, '')) COLLATE "vi-x-icu" AS wave_name,
       nullif(h.unit, '') AS unit, coalesce(u.name, nullif(h.unit, '')) COLLATE "vi-x-icu" AS unit_name,
       h.activity COLLATE "vi-x-icu" AS activity, h.day, nullif(array_to_string(h.audiences, ' | '), '') AS audience,
       (SELECT string_agg(coalesce(a.name_vi, x.code), ' | ' ORDER BY x.n)
          FROM unnest(h.audiences) WITH ORDINALITY AS x (code, n)
          LEFT JOIN pulse.audience_labels a ON a.kind = 'audience' AND a.audience = x.code COLLATE "C") COLLATE "vi-x-icu" AS audience_name,
       h.people AS attendances, h.event_time AS reported_at, h.source, nullif(h.file, '') AS file, nullif(h.sheet, '') AS sheet,
       nullif(h.row_number, 0) AS "row"
  FROM pulse.current_headcounts h
  LEFT JOIN pulse.wave_labels l ON l.wave = h.wave
  LEFT JOIN pulse.units u ON u.unit = h.unit;

-- Targets. A unit's own people and those of the units below it count, by today's line of management; a unit that has ended
-- has those of its last day. People and head counts are two branches: a filter on the target reaches both.
CREATE VIEW pulse.target_units AS
SELECT t.*, coalesce(p.unit, t.unit) AS below
  FROM pulse.worked_targets t
  LEFT JOIN pulse.units u ON u.unit = t.unit
  JOIN pulse.tree_versions v
    ON v.tree = 'management' AND least((SELECT today FROM pulse.today), u.valid_to) BETWEEN v.version_from AND v.version_to
  LEFT JOIN pulse.unit_paths p ON p.tree = v.tree AND p.version_from = v.version_from AND p.ancestor = t.unit;
COMMENT ON VIEW pulse.target_units IS 'Targets with each of the units whose people count for them';

DO $do$
DECLARE
    keys text := 't.target, t.scope, t.training, t.wave, t.year, t.unit, t.measure, t.phase, t.begins, t.ends, t.approximate, t.target_kind, '
        't.share, t.staff, t.staff_on, t.per_helper, t.helpers, t.planned, t.planned_max';
BEGIN
    EXECUTE format($$
        CREATE VIEW pulse.target_actuals AS
        SELECT %1$s, coalesce(sum(f.registered), 0) > 0 AS received,
               sum(CASE t.measure
                       WHEN 'registered' THEN f.registered WHEN 'accounts' THEN f.accounts WHEN 'activated' THEN f.activated
                       WHEN 'enrolled' THEN f.enrolled WHEN 'participated' THEN f.participated WHEN 'completed' THEN f.completed
                       WHEN 'sat' THEN f.sat WHEN 'passed' THEN f.passed WHEN 'failed' THEN f.failed
                       WHEN 'certified' THEN f.certified END)::bigint AS counted
          FROM pulse.target_units t
          LEFT JOIN pulse.live_tallies f
            ON f.scope = t.scope AND f.training = t.training AND f.wave = t.wave AND f.year = t.year AND f.value = '' AND f.unit = t.below
         WHERE t.measure NOT LIKE 'attendances%%'
         GROUP BY %1$s
        UNION ALL
        SELECT %1$s, count(h.people) > 0, sum(h.people)::bigint
          FROM pulse.target_units t
          LEFT JOIN pulse.current_headcounts h
            ON h.counted_unit = t.below AND (t.wave = '' OR h.wave = t.wave) AND (t.training = '' OR h.training = t.training)
           AND (t.measure = 'attendances' OR substr(t.measure, 13) = ANY (h.audiences))
           AND (h.day IS NULL OR h.day BETWEEN coalesce(t.begins, '-infinity') AND coalesce(t.ends, 'infinity'))
         WHERE t.measure LIKE 'attendances%%'
         GROUP BY %1$s$$, keys);
END $do$;
COMMENT ON VIEW pulse.target_actuals IS 'Targets with what was counted for them, and whether a list or form came at all';

CREATE VIEW bi.target_progress AS
SELECT t.target, t.scope AS target_scope, nullif(t.training, '') AS training,
       coalesce(l.name_vi, nullif(t.training, '')) COLLATE "vi-x-icu" AS training_name,
       nullif(t.wave, '') AS wave, w.wave_name, nullif(t.year, 0) AS year, t.unit, coalesce(u.name, t.unit) COLLATE "vi-x-icu" AS unit_name,
       u.kind AS unit_kind, u.print_order, t.measure, t.target_kind, nullif(t.phase, '') AS phase, t.begins, t.ends, t.approximate,
       t.planned AS planned_low, t.planned_max AS planned_high, t.share, t.staff, t.staff_on, t.per_helper, t.helpers,
       r.actual, r.actual::numeric / nullif(t.planned, 0) AS target_rate,
       greatest(t.planned - coalesce(r.actual, 0), 0) AS remaining,
       s.state,
       CASE s.state WHEN 'no_form' THEN 'Chưa nộp biểu' WHEN 'no_list' THEN 'Chưa gửi danh sách' WHEN 'no_result' THEN 'Chưa có kết quả'
                    WHEN 'no_staff_count' THEN 'Chưa có số biên chế' WHEN 'exceeded' THEN 'Vượt' WHEN 'reached' THEN 'Đạt'
                    ELSE 'Chưa đạt' END COLLATE "vi-x-icu" AS status,
       CASE s.state WHEN 'no_form' THEN 'No form received' WHEN 'no_list' THEN 'No list received' WHEN 'no_result' THEN 'No result yet'
                    WHEN 'no_staff_count' THEN 'No staff count' WHEN 'exceeded' THEN 'Exceeded' WHEN 'reached' THEN 'Reached'
                    ELSE 'Not reached' END AS status_en
  FROM pulse.target_actuals t
  LEFT JOIN pulse.training_labels l ON l.training = t.training
  LEFT JOIN bi.waves w ON w.wave = t.wave
  LEFT JOIN pulse.units u ON u.unit = t.unit
  LEFT JOIN pulse.training_state d ON d.training = t.training
  CROSS JOIN LATERAL (
      SELECT CASE WHEN t.received AND (t.measure = 'registered' OR t.measure LIKE 'attendances%' OR d.has_data) THEN t.counted END AS actual) r
  CROSS JOIN LATERAL (
      SELECT CASE WHEN NOT t.received THEN CASE WHEN t.measure LIKE 'attendances%' THEN 'no_form' ELSE 'no_list' END
                  WHEN r.actual IS NULL THEN 'no_result'
                  WHEN t.planned IS NULL THEN 'no_staff_count'
                  WHEN r.actual > t.planned_max THEN 'exceeded'
                  WHEN r.actual >= t.planned THEN 'reached'
                  ELSE 'not_reached' END AS state) s;

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
SELECT l.wave, l.day_0 AS day, sum(l.learners)::bigint AS learners
  FROM pulse.live_trainings t
  JOIN pulse.uncovered_days n ON n.working_days = t.deadline_working_days
  JOIN pulse.live_deadlines l ON l.training = t.training AND l.day_0 > n.after AND l.day_0 < n.before
 GROUP BY l.wave, l.day_0;
COMMENT ON VIEW pulse.uncovered_deadlines IS 'Learners whose due day cannot be worked out: the calendar does not cover it';

CREATE VIEW bi.deadline_status AS
SELECT c.training, w.training_name, c.wave, w.wave_name, c.unit, coalesce(u.name, c.unit) COLLATE "vi-x-icu" AS unit_name,
       u.kind AS unit_kind, u.print_order, (SELECT today FROM pulse.today) AS as_of, c.deadline_working_days,
       c.learners, c.on_time, c.late, c.overdue, c.at_risk, c.in_time, c.not_begun, c.not_computable, c.next_due
  FROM (
      SELECT s.training, s.wave, s.unit, s.deadline_working_days, sum(s.learners)::bigint AS learners,
             coalesce(sum(s.learners) FILTER (WHERE s.state = 'on_time'), 0)::bigint AS on_time,
             coalesce(sum(s.learners) FILTER (WHERE s.state = 'late'), 0)::bigint AS late,
             coalesce(sum(s.learners) FILTER (WHERE s.state = 'overdue'), 0)::bigint AS overdue,
             coalesce(sum(s.learners) FILTER (WHERE s.state = 'at_risk'), 0)::bigint AS at_risk,
             coalesce(sum(s.learners) FILTER (WHERE s.state = 'in_time'), 0)::bigint AS in_time,
             coalesce(sum(s.learners) FILTER (WHERE s.state = 'not_begun'), 0)::bigint AS not_begun,
             coalesce(sum(s.learners) FILTER (WHERE s.state = 'not_computable'), 0)::bigint AS not_computable,
             min(s.due) FILTER (WHERE s.state IN ('at_risk', 'in_time')) AS next_due
        FROM (SELECT l.training, l.wave, l.unit, l.learners, t.deadline_working_days, n.due,
                     CASE WHEN NOT isfinite(l.day_0) THEN CASE WHEN isfinite(l.completed_on) THEN 'on_time' ELSE 'not_begun' END
                          WHEN n.due IS NULL THEN 'not_computable'
                          WHEN isfinite(l.completed_on) THEN CASE WHEN l.completed_on <= n.due THEN 'on_time' ELSE 'late' END
                          WHEN today.today > n.due THEN 'overdue'
                          WHEN t.lectures IS NOT NULL AND today.number IS NULL THEN 'not_computable'
                          WHEN t.lectures IS NOT NULL AND l.lectures < today.number - n.number THEN 'at_risk'
                          ELSE 'in_time' END AS state
                FROM pulse.live_deadlines l
                JOIN pulse.live_trainings t ON t.training = l.training
                LEFT JOIN pulse.due_days n ON n.day_0 = l.day_0 AND n.working_days = t.deadline_working_days
               CROSS JOIN (SELECT y.today, (SELECT number FROM pulse.working_days d WHERE d.day = y.today) AS number
                             FROM pulse.today y) today) s
       GROUP BY s.training, s.wave, s.unit, s.deadline_working_days) c
  LEFT JOIN bi.waves w ON w.wave = c.wave
  LEFT JOIN pulse.units u ON u.unit = c.unit;

GRANT SELECT ON pulse.current_headcounts, pulse.target_units, pulse.target_actuals, pulse.due_days,
    pulse.uncovered_days, pulse.uncovered_deadlines TO mooc_writer;
GRANT SELECT ON bi.headcounts, bi.target_progress, bi.deadline_status TO mooc_bi, mooc_writer;

COMMIT;
