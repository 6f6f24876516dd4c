-- Plans of each kind against what was reached, plans of other scopes, and head counts.
BEGIN;
\ir support/empty.psql
SELECT plan(28);
CREATE OR REPLACE VIEW pulse.today AS SELECT '2025-08-01'::date AS today;

INSERT INTO pulse.trainings (config_version, training) VALUES (1, 'T'), (1, 'N');
INSERT INTO pulse.waves VALUES (1, 'W', 'T', '2023-08-01', '2023-08-31', false), (1, 'W2', 'T', '2024-01-01', NULL, false), (1, 'NW', 'N', NULL, NULL, false);
INSERT INTO pulse.wave_labels VALUES ('W', 'P', 'Đợt W', 'Đợt W', 1), ('W2', 'P', 'Đợt W2', 'Đợt W2', 2);
-- P ended and is now under Q; U1, U2 stood under P, U3 under U2.
INSERT INTO pulse.units (unit, name, printed_name, kind, parent, print_order, valid_from, valid_to) VALUES
    ('Q', 'Tỉnh Q', 'Tỉnh Q', 'tinh', NULL, 1, '2025-07-01', NULL), ('P', 'Tỉnh P', 'Tỉnh P', 'tinh', NULL, 2, NULL, '2025-06-30'),
    ('U1', 'Xã 1', 'Xã 1', 'xa', 'P', 1, NULL, NULL), ('U2', 'Xã 2', 'Xã 2', 'xa', 'P', 2, NULL, NULL), ('U3', 'Thôn 3', 'Thôn 3', 'thon', 'U2', 3, NULL, NULL),
    ('U4', 'Xã 4', 'Xã 4', 'xa', NULL, 4, NULL, NULL);
INSERT INTO pulse.unit_successors VALUES ('P', 'Q');
DO 'BEGIN PERFORM pg_temp.labels_changed(); END';
INSERT INTO gen_1.tallies VALUES
    ('wave', 'T', 'W', 0, '', 'U1', '', 12, 11, 10, 10, 9, 8, 7, 6, 1, 5, 0), ('wave', 'T', 'W', 0, '', 'U2', '', 4, 4, 4, 4, 4, 4, 4, 4, 0, 4, 0),
    ('wave', 'T', 'W', 0, '', 'U3', 'a', 2, 2, 2, 2, 2, 2, 2, 2, 0, 2, 0), ('wave', 'T', 'W', 0, '', 'U3', 'b', 1, 1, 1, 1, 1, 1, 1, 1, 0, 1, 0),
    ('training', 'T', '', 0, '', 'U1', '', 13, 11, 10, 10, 9, 8, 7, 6, 1, 5, 0), ('all', '', '', 0, '', 'U1', '', 14, 11, 10, 10, 9, 8, 7, 6, 1, 5, 0),
    ('year', '', '', 2023, '', 'U1', '', 15, 11, 10, 10, 9, 8, 7, 6, 1, 5, 0), ('wave', 'N', 'NW', 0, '', 'U1', '', 8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
INSERT INTO pulse.staff VALUES ('U1', '2023-06-01', 11, 2), ('U1', '2023-12-31', 13, NULL), ('U1', '2024-06-01', 99, 9), ('U2', '2023-06-01', NULL, 3);

CREATE FUNCTION pg_temp.progress(wanted text) RETURNS TABLE (scope text, kind text, low bigint, high bigint, actual bigint, remaining bigint, state text)
LANGUAGE sql AS $$
    SELECT target_scope COLLATE "default", target_kind COLLATE "default", planned_low, planned_high, actual, remaining, state COLLATE "default"
      FROM bi.target_progress WHERE target = wanted$$;

-- Numbers and measures.
INSERT INTO pulse.targets (target, wave, training, unit, measure, planned)
SELECT m, 'W', '', 'U1', m, n FROM (VALUES ('registered', 12), ('accounts', 10), ('activated', 11), ('enrolled', 10), ('participated', 10), ('completed', 8),
    ('sat', 8), ('passed', 6), ('failed', 2), ('certified', 0)) v (m, n);
DO 'BEGIN PERFORM pulse.rebuild_plans(); END';
SELECT results_eq(
    $$SELECT measure COLLATE "default", planned_low, actual, state COLLATE "default" FROM bi.target_progress WHERE unit = 'U1' ORDER BY 1$$,
    $$VALUES ('accounts', 10::bigint, 11::bigint, 'exceeded'), ('activated', 11, 10, 'not_reached'), ('certified', 0, 5, 'exceeded'), ('completed', 8, 8, 'reached'),
             ('enrolled', 10, 10, 'reached'), ('failed', 2, 1, 'not_reached'), ('participated', 10, 9, 'not_reached'), ('passed', 6, 6, 'reached'),
             ('registered', 12, 12, 'reached'), ('sat', 8, 7, 'not_reached')$$, 'each measure by a number');
SELECT row_eq($$SELECT target_rate, remaining, status COLLATE "default", status_en COLLATE "default", unit_name COLLATE "default" FROM bi.target_progress WHERE target = 'participated'$$,
              ROW(0.9::numeric, 1::bigint, 'Chưa đạt'::text, 'Not reached'::text, 'Xã 1'::text), 'its rate, what is missing, in words');

-- A range: the units below count.
INSERT INTO pulse.targets (target, wave, training, unit, measure, planned, planned_max) VALUES
    ('range low', 'W', '', 'U3', 'registered', 4, 5), ('range in', 'W', '', 'U3', 'registered', 3, 5), ('range top', 'W', '', 'U2', 'registered', 3, 7),
    ('range over', 'W', '', 'U2', 'registered', 3, 6);
DO 'BEGIN PERFORM pulse.rebuild_plans(); END';
SELECT results_eq($$SELECT t, p.* FROM unnest(ARRAY['range low', 'range in', 'range top', 'range over']) WITH ORDINALITY AS t (t, n), pg_temp.progress(t) p ORDER BY n$$,
    $$VALUES ('range low', 'wave', 'range', 4::bigint, 5::bigint, 3::bigint, 1::bigint, 'not_reached'), ('range in', 'wave', 'range', 3, 5, 3, 0, 'reached'),
             ('range top', 'wave', 'range', 3, 7, 7, 0, 'reached'), ('range over', 'wave', 'range', 3, 6, 7, 0, 'exceeded')$$, 'ranges');

-- A share of the staff on a day: the newest count up to it, rounded up.
INSERT INTO pulse.targets (target, wave, training, unit, measure, share, staff_on) VALUES
    ('share', 'W', '', 'U1', 'participated', 0.8, '2024-01-01'), ('share before', 'W', '', 'U1', 'participated', 0.8, '2023-12-30'),
    ('share unknown', 'W', '', 'U1', 'participated', 1, '2023-05-31'), ('share without staff', 'W', '', 'U2', 'participated', 1, '2024-01-01');
DO 'BEGIN PERFORM pulse.rebuild_plans(); END';
SELECT results_eq($$SELECT target COLLATE "default", staff, staff_on, planned_low, actual, remaining, state COLLATE "default" FROM bi.target_progress WHERE target_kind = 'share' ORDER BY 1$$,
    $$VALUES ('share', 13::bigint, '2023-12-31'::date, 11::bigint, 9::bigint, 2::bigint, 'not_reached'), ('share before', 11, '2023-06-01', 9, 9, 0, 'reached'),
             ('share unknown', NULL, NULL, NULL, 9, NULL, 'no_staff_count'), ('share without staff', NULL, NULL, NULL, 7, NULL, 'no_staff_count')$$,
    '0.8 of 13 is 11, of 11 is 9; of a number that is not known nothing is known to be missing');
SELECT is((SELECT count(*)::integer FROM bi.data_issues WHERE kind = 'staff_unknown'), 2, 'staff that is not known is an issue');

-- Head counts: by helper, of one audience or all; a form sent again replaces the earlier one; the wave's province stands for no unit.
INSERT INTO pulse.audience_labels VALUES ('audience', 'nguoi-dan', 'Người dân', 'Citizens');
CREATE FUNCTION pg_temp.form(unit text, activity text, day date, audience text, people integer, at timestamptz DEFAULT '2023-09-01', in_force boolean DEFAULT true)
RETURNS void LANGUAGE sql AS $$
    INSERT INTO gen_1.headcounts VALUES (gen_random_uuid(), in_force, 'W', unit, activity, day, CASE WHEN audience IS NULL THEN '{}' ELSE ARRAY[audience] END, people,
        'forms', at, 'bieu.xlsx', 'A', 2, 1, 1)$$;
INSERT INTO pulse.targets (target, wave, training, unit, measure, per_helper, ends) VALUES
    ('quota', 'W', '', 'U1', 'attendances:nguoi-dan', 7, '2023-12-31'), ('quota later', 'W', '', 'U1', 'attendances:nguoi-dan', 7, '2024-12-31'),
    ('quota form', 'W', '', 'U3', 'attendances', 7, '2024-12-31');
DO 'BEGIN PERFORM pulse.rebuild_plans(); END';
SELECT results_eq($$SELECT target COLLATE "default", helpers, planned_low, actual, state COLLATE "default", status COLLATE "default" FROM bi.target_progress WHERE target_kind = 'quota' ORDER BY 1$$,
    $$VALUES ('quota', 2::bigint, 14::bigint, NULL::bigint, 'no_form', 'Chưa nộp biểu'), ('quota form', NULL, NULL, NULL, 'no_form', 'Chưa nộp biểu'),
             ('quota later', 9, 63, NULL, 'no_form', 'Chưa nộp biểu')$$, 'a quota by the newest count of helpers; no form is not zero');
SELECT pg_temp.form('U1', 'Lớp A', '2023-08-05', 'nguoi-dan', 10), pg_temp.form('U1', 'Lớp A', '2023-08-05', 'nguoi-dan', 14, '2023-09-02'),
       pg_temp.form('U1', 'Lớp A', '2023-08-05', 'can-bo', 5), pg_temp.form('U1', 'Lớp B', '2024-02-01', 'nguoi-dan', 20),
       pg_temp.form('U1', 'Lớp C', '2023-08-06', 'nguoi-dan', 1000, '2023-09-01', false), pg_temp.form('', 'Lớp tỉnh', NULL, NULL, 3);
SELECT results_eq($$SELECT t, p.* FROM unnest(ARRAY['quota', 'quota later']) t, pg_temp.progress(t) p ORDER BY 1$$,
    $$VALUES ('quota', 'wave', 'quota', 14::bigint, 14::bigint, 14::bigint, 0::bigint, 'reached'), ('quota later', 'wave', 'quota', 63, 63, 34, 29, 'not_reached')$$,
    'the form sent again counts, up to the last day of the plan, of its audience');
INSERT INTO pulse.targets (target, wave, training, unit, measure, planned, begins, ends) VALUES
    ('all audiences', 'W', '', 'P', 'attendances', 42, NULL, NULL), ('in August', 'W', '', 'P', 'attendances', 20, '2023-08-01', '2023-08-31'),
    ('of the training', '', 'T', 'P', 'attendances', 42, NULL, NULL), ('of another', '', 'N', 'P', 'attendances', 42, NULL, NULL);
DO 'BEGIN PERFORM pulse.rebuild_plans(); END';
SELECT results_eq($$SELECT target COLLATE "default", actual, state COLLATE "default" FROM bi.target_progress WHERE measure = 'attendances' AND unit = 'P' ORDER BY 1$$,
    $$VALUES ('all audiences', 42::bigint, 'reached'), ('in August', 22, 'exceeded'), ('of another', NULL, 'no_form'), ('of the training', 42, 'reached')$$,
    'attendances of all audiences; those without a day count always; the province has its units'' and its own');
SELECT results_eq(
    $$SELECT unit COLLATE "default", activity COLLATE "default", day, audience COLLATE "default", audience_name COLLATE "default", attendances FROM bi.headcounts ORDER BY activity, 4$$,
    $$VALUES ('U1', 'Lớp A', '2023-08-05'::date, 'can-bo', 'can-bo', 5::bigint), ('U1', 'Lớp A', '2023-08-05', 'nguoi-dan', 'Người dân', 14),
             ('U1', 'Lớp B', '2024-02-01', 'nguoi-dan', 'Người dân', 20), (NULL, 'Lớp tỉnh', NULL, NULL, NULL, 3)$$, 'bi.headcounts: forms in force, the newest of each');

-- The unit's tree: of its last day where it has ended.
INSERT INTO pulse.targets (target, wave, training, unit, measure, planned) VALUES
    ('P then', 'W', '', 'P', 'registered', 19), ('Q now', 'W', '', 'Q', 'registered', 20), ('no list', 'W', '', 'U4', 'passed', 5), ('no result', 'NW', '', 'U1', 'passed', 5),
    ('listed', 'NW', '', 'U1', 'registered', 5), ('zero', 'W', '', 'U4', 'registered', 0);
DO 'BEGIN PERFORM pulse.rebuild_plans(); END';
SELECT results_eq($$SELECT t, p.low, p.actual, p.state FROM unnest(ARRAY['P then', 'Q now']) t, pg_temp.progress(t) p ORDER BY 1$$,
    $$VALUES ('P then', 19::bigint, 19::bigint, 'reached'), ('Q now', 20, 19, 'not_reached')$$, 'the same people, for the province that was and for its heir');
SELECT results_eq($$SELECT target COLLATE "default", actual, remaining, state COLLATE "default", status COLLATE "default" FROM bi.target_progress
                     WHERE target IN ('no list', 'no result', 'listed', 'zero') ORDER BY 1$$,
    $$VALUES ('listed', 8::bigint, 0::bigint, 'exceeded', 'Vượt'), ('no list', NULL, NULL, 'no_list', 'Chưa gửi danh sách'), ('no result', NULL, NULL, 'no_result', 'Chưa có kết quả'),
             ('zero', NULL, NULL, 'no_list', 'Chưa gửi danh sách')$$, 'units that sent nothing appear; no result is not zero, and what is missing is not known');

-- Scopes: wave, training, year, all.
INSERT INTO pulse.targets (target, wave, training, unit, measure, planned, begins, ends, approximate, phase) VALUES
    ('s training', '', 'T', 'U1', 'registered', 20, NULL, NULL, false, 'III.2'), ('s year', '', '', 'U1', 'registered', 10000, '2023-01-01', '2023-12-31', true, ''),
    ('s all', '', '', 'U1', 'registered', 30, NULL, NULL, false, ''), ('s years', '', '', 'U1', 'registered', 40, '2022-01-01', '2023-12-31', false, '');
DO 'BEGIN PERFORM pulse.rebuild_plans(); END';
SELECT results_eq(
    $$SELECT target COLLATE "default", target_scope COLLATE "default", year::integer, planned_low, actual, approximate, phase COLLATE "default" FROM bi.target_progress WHERE target LIKE 's %' ORDER BY 1$$,
    $$VALUES ('s all', 'all', NULL::integer, 30::bigint, 14::bigint, false, NULL), ('s training', 'training', NULL, 20, 13, false, 'III.2'),
             ('s year', 'year', 2023, 10000, 15, true, NULL), ('s years', 'all', NULL, 40, 14, false, NULL)$$, 'a plan is compared with the count of its scope');

-- Plans in the views of people: the sum of the waves where a training, year or all has none of its own.
SELECT is((SELECT planned FROM bi.participation WHERE wave = 'W' AND unit = 'U1'), 12::bigint, 'the wave''s plan');
SELECT is((SELECT planned FROM bi.participation_training WHERE training = 'T' AND unit = 'U1'), 20::bigint, 'the training''s own');
SELECT is((SELECT planned FROM bi.participation_training WHERE training = 'N' AND unit = 'U1'), 5::bigint, 'the sum of its waves');
SELECT is((SELECT planned FROM bi.participation_all WHERE unit = 'U1'), 70::bigint, 'over all: both plans of all');
SELECT is((SELECT planned FROM bi.participation_year WHERE year = 2023 AND unit = 'U1'), 10000::bigint, 'the year''s own');
DELETE FROM pulse.targets WHERE target LIKE 's %';
DO 'BEGIN PERFORM pulse.rebuild_plans(); END';
SELECT row_eq($$SELECT (SELECT planned FROM bi.participation_all WHERE unit = 'U1'), (SELECT planned FROM bi.participation_year WHERE year = 2023 AND unit = 'U1')$$,
              ROW(17::bigint, 12::bigint), 'and without them the sums of the waves; one without a day is in no year');
INSERT INTO pulse.targets (target, wave, training, unit, measure, planned, begins, ends)
VALUES ('own of N', '', 'N', 'U1', 'registered', 100, '2023-01-01', '2023-12-31');
DO 'BEGIN PERFORM pulse.rebuild_plans(); END';
SELECT is((SELECT planned FROM bi.participation_year WHERE year = 2023 AND unit = 'U1'), 112::bigint,
          'of a year: of each training its own plan, else those of its waves');
DELETE FROM pulse.targets WHERE target NOT IN ('registered', 'range top');
DO 'BEGIN PERFORM pulse.rebuild_plans(); END';
SELECT row_eq($$SELECT planned, registered, plan_rate FROM bi.unit_rollup WHERE wave = 'W' AND unit = 'Q' AND tree = 'management' AND is_current$$,
              ROW(12::bigint + 3, 19::bigint, 19::numeric / 15), 'plans roll up with their units');

-- A unit's own plan holds, also for the units above; those below it are parts of it.
INSERT INTO pulse.targets (target, wave, training, unit, measure, planned) VALUES ('part', 'W', '', 'U3', 'registered', 2);
DO 'BEGIN PERFORM pulse.rebuild_plans(); END';
SELECT results_eq($$SELECT unit COLLATE "default", planned FROM bi.unit_rollup WHERE wave = 'W' AND tree = 'management' AND is_current ORDER BY 1$$,
                  $$VALUES ('Q', 15::bigint), ('U1', 12), ('U2', 3), ('U3', 2)$$, 'a plan within another is not added to it');
INSERT INTO pulse.targets (target, wave, training, unit, measure, planned) VALUES ('whole', 'W', '', 'Q', 'registered', 20);
DO 'BEGIN PERFORM pulse.rebuild_plans(); END';
SELECT results_eq($$SELECT unit COLLATE "default", planned FROM bi.unit_rollup WHERE wave = 'W' AND tree = 'management' AND is_current ORDER BY 1$$,
                  $$VALUES ('Q', 20::bigint), ('U1', 12), ('U2', 3), ('U3', 2)$$, 'nor to the plan of the whole');

-- A sum of plans stands only where it is the plan of all who are counted below.
DELETE FROM pulse.targets WHERE target IN ('whole', 'range top');
DO 'BEGIN PERFORM pulse.rebuild_plans(); END';
SELECT results_eq($$SELECT unit COLLATE "default", planned, plan_rate FROM bi.unit_rollup WHERE wave = 'W' AND tree = 'management' AND is_current ORDER BY 1$$,
                  $$VALUES ('Q', NULL::bigint, NULL::numeric), ('U1', 12, 1.0), ('U2', NULL, NULL), ('U3', 2, 1.5)$$,
                  'units without a plan are counted: the plans of the others are no plan of all');
INSERT INTO pulse.targets (target, wave, training, unit, measure, planned) VALUES ('own', 'W', '', 'U2', 'registered', 7);
DO 'BEGIN PERFORM pulse.rebuild_plans(); END';
SELECT results_eq($$SELECT unit COLLATE "default", planned FROM bi.unit_rollup WHERE wave = 'W' AND tree = 'management' AND is_current ORDER BY 1$$,
                  $$VALUES ('Q', 19::bigint), ('U1', 12), ('U2', 7), ('U3', 2)$$, 'the plan of the unit in between is that of all below it');
DELETE FROM pulse.targets WHERE target = 'part';
DO 'BEGIN PERFORM pulse.rebuild_plans(); END';
SELECT results_eq($$SELECT unit COLLATE "default", planned FROM bi.unit_rollup WHERE wave = 'W' AND tree = 'management' AND is_current ORDER BY 1$$,
                  $$VALUES ('Q', 19::bigint), ('U1', 12), ('U2', 7), ('U3', NULL)$$, 'also where they have none of their own');
INSERT INTO gen_1.tallies VALUES ('wave', 'T', 'W', 0, '', 'Q', '', 5, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
SELECT row_eq($$SELECT planned, registered, plan_rate FROM bi.unit_rollup WHERE wave = 'W' AND unit = 'Q' AND tree = 'management' AND is_current$$,
              ROW(NULL::bigint, 24::bigint, NULL::numeric), 'the people of the unit itself are in no plan of a unit below');
INSERT INTO pulse.targets (target, wave, training, unit, measure, planned) VALUES ('whole', 'W', '', 'Q', 'registered', 20), ('nobody', 'W', '', 'U4', 'registered', 3);
DO 'BEGIN PERFORM pulse.rebuild_plans(); END';
SELECT row_eq($$SELECT planned, registered, plan_rate FROM bi.unit_rollup WHERE wave = 'W' AND unit = 'Q' AND tree = 'management' AND is_current$$,
              ROW(20::bigint, 24::bigint, 1.2::numeric), 'its own plan is the plan of all');
SELECT row_eq($$SELECT planned, registered, plan_rate FROM bi.unit_rollup_training WHERE training = 'T' AND unit = 'U1' AND tree = 'management' AND is_current$$,
              ROW(12::bigint, 13::bigint, 13::numeric / 12), 'so also in a training');

SELECT * FROM finish();
ROLLBACK;
