-- How the figures of generation B differ from those of A. $1: most rows of a level. Levels, in order: all (everybody), training,
-- wave, unit, cell (every cell of the tallies), day (learners by day), then per table how many rows differ.
WITH amounts AS (
    SELECT t.side, t.scope, t.training, t.wave, t.year, t.value, t.unit, t.study_group, m.measure, m.amount
      FROM (SELECT 0 AS side, a.* FROM gen_A.tallies a UNION ALL SELECT 1, b.* FROM gen_B.tallies b) t
     CROSS JOIN LATERAL (VALUES
           ('registered', registered), ('accounts', accounts), ('activated', activated), ('enrolled', enrolled),
           ('participated', participated), ('completed', completed), ('sat', sat), ('passed', passed), ('failed', failed),
           ('certified', certified), ('not_registered', not_registered), ('first_time', first_time), ('passed_first', passed_first),
           ('scored', scored), ('attempts', attempts), ('attempts_passed', attempts_passed), ('score_sum', score_sum)) m (measure, amount)
     WHERE m.amount <> 0
), cells AS (
    SELECT scope, training, wave, year, value, unit, study_group, measure, sum(amount) FILTER (WHERE side = 0) AS old,
           sum(amount) FILTER (WHERE side = 1) AS new
      FROM amounts GROUP BY scope, training, wave, year, value, unit, study_group, measure
), days AS (
    SELECT a.side, a.scope, a.training, a.month + x.n::integer - 1 AS day, m.measure, m.amount
      FROM (SELECT 0 AS side, a.* FROM gen_A.activity a UNION ALL SELECT 1, b.* FROM gen_B.activity b) a
     CROSS JOIN LATERAL unnest(a.active, a.change_7, a.change_30, a.new_participants, a.exams_sat, a.exams_passed, a.newly_passed)
           WITH ORDINALITY AS x (active, change_7, change_30, new_participants, exams_sat, exams_passed, newly_passed, n)
     CROSS JOIN LATERAL (VALUES
           ('active', x.active), ('change_7', x.change_7), ('change_30', x.change_30), ('new_participants', x.new_participants),
           ('exams_sat', x.exams_sat), ('exams_passed', x.exams_passed), ('newly_passed', x.newly_passed)) m (measure, amount)
     WHERE m.amount <> 0 AND a.scope IN ('training', 'all')
), found AS (
    SELECT 1 AS level, 'all' AS level_name, '' AS training, '' AS wave, 0 AS year, '' AS value, '' AS unit, '' AS study_group,
           NULL::date AS day, measure, sum(old) AS old, sum(new) AS new
      FROM cells WHERE scope = 'all' GROUP BY measure
    UNION ALL
    SELECT 2, 'training', training, '', 0, '', '', '', NULL, measure, sum(old), sum(new) FROM cells WHERE scope = 'training'
     GROUP BY training, measure
    UNION ALL
    SELECT 3, 'wave', training, wave, 0, '', '', '', NULL, measure, sum(old), sum(new) FROM cells WHERE scope = 'wave'
     GROUP BY training, wave, measure
    UNION ALL
    SELECT 4, 'unit', '', '', 0, '', unit, '', NULL, measure, old, new FROM cells WHERE scope = 'all'
    UNION ALL
    SELECT 5, 'cell ' || scope, training, wave, year, value, unit, study_group, NULL, measure, old, new FROM cells WHERE scope <> 'all'
    UNION ALL
    SELECT 6, 'day ' || scope, training, '', 0, '', '', '', day, measure, sum(amount) FILTER (WHERE side = 0),
           sum(amount) FILTER (WHERE side = 1)
      FROM days GROUP BY scope, training, day, measure
    UNION ALL
    SELECT 7, 'issues', '', coalesce(a.wave, b.wave), 0, '', coalesce(a.unit, b.unit), '', NULL, coalesce(a.kind, b.kind), a.rows, b.rows
      FROM (SELECT kind, wave, unit, count(*) AS rows FROM gen_A.issues GROUP BY 1, 2, 3) a
      FULL JOIN (SELECT kind, wave, unit, count(*) AS rows FROM gen_B.issues GROUP BY 1, 2, 3) b USING (kind, wave, unit)
    UNION ALL
    SELECT 8, 'deadlines', coalesce(a.training, b.training), coalesce(a.wave, b.wave), 0, '', coalesce(a.unit, b.unit), '',
           coalesce(a.day_0, b.day_0), 'learners', a.learners, b.learners
      FROM (SELECT training, wave, unit, day_0, completed_on, lectures, learners FROM gen_A.deadlines) a
      FULL JOIN (SELECT training, wave, unit, day_0, completed_on, lectures, learners FROM gen_B.deadlines) b
           USING (training, wave, unit, day_0, completed_on, lectures)
    UNION ALL
    SELECT 10, 'five minutes', coalesce(a.training, b.training), coalesce(a.wave, b.wave), 0, '', '', '', coalesce(a.day, b.day), m.measure,
           m.old, m.new
      FROM (SELECT training, wave, (began_at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date AS day, sum(facts) AS facts, sum(exams_sat) AS sat,
                   sum(exams_passed) AS passed FROM gen_A.activity_5min GROUP BY 1, 2, 3) a
      FULL JOIN (SELECT training, wave, (began_at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date AS day, sum(facts) AS facts, sum(exams_sat) AS sat,
                        sum(exams_passed) AS passed FROM gen_B.activity_5min GROUP BY 1, 2, 3) b USING (training, wave, day)
     CROSS JOIN LATERAL (VALUES ('facts', a.facts, b.facts), ('exams_sat', a.sat, b.sat), ('exams_passed', a.passed, b.passed))
           AS m (measure, old, new)
    UNION ALL
    SELECT 9, t.table_name, '', '', 0, '', '', '', NULL, 'rows only in one', t.old, t.new
      FROM (SELECT 'totals' AS table_name, (SELECT count(*) FROM (TABLE gen_A.totals EXCEPT TABLE gen_B.totals) x) AS old,
                   (SELECT count(*) FROM (TABLE gen_B.totals EXCEPT TABLE gen_A.totals) x) AS new
            UNION ALL
            SELECT 'headcounts', (SELECT count(*) FROM (TABLE gen_A.headcounts EXCEPT TABLE gen_B.headcounts) x),
                   (SELECT count(*) FROM (TABLE gen_B.headcounts EXCEPT TABLE gen_A.headcounts) x)
            UNION ALL
            SELECT 'marks', (SELECT count(*) FROM (TABLE gen_A.marks EXCEPT TABLE gen_B.marks) x),
                   (SELECT count(*) FROM (TABLE gen_B.marks EXCEPT TABLE gen_A.marks) x)
            UNION ALL
            SELECT 'dead_letters', (SELECT count(*) FROM (TABLE gen_A.dead_letters EXCEPT TABLE gen_B.dead_letters) x),
                   (SELECT count(*) FROM (TABLE gen_B.dead_letters EXCEPT TABLE gen_A.dead_letters) x)
            UNION ALL
            SELECT 'unmapped', (SELECT count(*) FROM (TABLE gen_A.unmapped EXCEPT TABLE gen_B.unmapped) x),
                   (SELECT count(*) FROM (TABLE gen_B.unmapped EXCEPT TABLE gen_A.unmapped) x)) t
), ranked AS (
    SELECT f.*, coalesce(new, 0) - coalesce(old, 0) AS change,
           row_number() OVER (PARTITION BY level, level_name ORDER BY abs(coalesce(new, 0) - coalesce(old, 0)) DESC, training, wave,
                              unit, value, study_group, year, day, measure) AS place,
           count(*) OVER (PARTITION BY level, level_name) AS differing
      FROM found f
     WHERE CASE WHEN level = 9 THEN old > 0 OR new > 0 ELSE coalesce(old, 0) <> coalesce(new, 0) END
)
SELECT level_name, training, wave, CASE WHEN year > 0 THEN year::text ELSE '' END, value, unit, study_group, coalesce(day::text, ''),
       measure, coalesce(old, 0), coalesce(new, 0), change, differing, k.label_vi, k.label_en
  FROM ranked LEFT JOIN pulse.issue_kinds k ON level = 7 AND k.kind = measure COLLATE "C"
 WHERE place <= $1::bigint ORDER BY level, level_name, place
