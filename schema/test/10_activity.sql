-- Days and windows of 7 and 30 days from difference arrays, across month borders, a leap day and a year's end; all worked out by hand.
BEGIN;
\ir support/empty.psql
SELECT plan(18);
CREATE OR REPLACE VIEW pulse.today AS SELECT '2024-04-10'::date AS today;

INSERT INTO pulse.trainings (config_version, training) VALUES (1, 'T');
INSERT INTO pulse.training_labels VALUES ('T', 'Khóa T', 'Training T');
INSERT INTO pulse.units (unit, name, printed_name, kind, parent, territory, print_order) VALUES
    ('R', 'Tỉnh R', 'Tỉnh R', 'tinh', NULL, NULL, 1), ('U1', 'Xã 1', 'Xã 1', 'xa', 'R', NULL, 1), ('U2', 'Xã 2', 'Xã 2', 'xa', 'R', NULL, 2);
DO 'BEGIN PERFORM pg_temp.labels_changed(); END';

-- n at the named days of the month, zero at the others.
CREATE FUNCTION pg_temp.days(month date, days integer[], numbers integer[]) RETURNS integer[] LANGUAGE sql AS $$
SELECT array_agg(coalesce((SELECT sum(v) FROM unnest(days, numbers) AS x (d, v) WHERE d = n), 0)::integer ORDER BY n)
  FROM generate_series(1, extract(day FROM month + interval '1 month' - interval '1 day')::integer) n$$;
CREATE FUNCTION pg_temp.activity(unit text, month date, active integer[], at_7 integer[], change_7 integer[], at_30 integer[],
                                 change_30 integer[], new integer[], sat integer[] DEFAULT NULL, sat_n integer[] DEFAULT NULL,
                                 passed integer[] DEFAULT NULL, scope text DEFAULT 'training', training text DEFAULT 'T')
RETURNS void LANGUAGE sql AS $$
INSERT INTO gen_1.activity
SELECT scope, training, '', '', unit, month, pg_temp.days(month, active, array_fill(1, ARRAY[cardinality(active)])),
       pg_temp.days(month, at_7, change_7), CASE WHEN at_30 <> '{}' THEN pg_temp.days(month, at_30, change_30) END,
       (SELECT coalesce(sum(x), 0) FROM unnest(change_7) x), (SELECT coalesce(sum(x), 0) FROM unnest(change_30) x),
       CASE WHEN new <> '{}' THEN pg_temp.days(month, new, array_fill(1, ARRAY[cardinality(new)])) END,
       CASE WHEN sat IS NOT NULL THEN pg_temp.days(month, sat, sat_n) END,
       CASE WHEN passed IS NOT NULL THEN pg_temp.days(month, passed, array_fill(1, ARRAY[cardinality(passed)])) END,
       CASE WHEN passed IS NOT NULL THEN pg_temp.days(month, passed, array_fill(1, ARRAY[cardinality(passed)])) END$$;

-- U1: one person active on 30 and 31 January and 5 March (sat once, failed), another on 29 February (sat twice, passed).
-- Their windows of 7 days: 30 Jan to 6 Feb, 29 Feb to 6 Mar, 5 to 11 Mar; of 30: 30 Jan to 29 Feb, 29 Feb to 29 Mar, 5 Mar to 3 Apr.
SELECT pg_temp.activity('U1', '2024-01-01', '{30,31}', '{30}', '{1}', '{30}', '{1}', '{30}');
SELECT pg_temp.activity('U1', '2024-02-01', '{29}', '{7,29}', '{-1,1}', '{29}', '{1}', '{29}', '{29}', '{2}', '{29}');
SELECT pg_temp.activity('U1', '2024-03-01', '{5}', '{5,7,12}', '{1,-1,-1}', '{1,5,30}', '{-1,1,-1}', '{}', '{5}', '{1}');
SELECT pg_temp.activity('U1', '2024-04-01', '{}', '{}', '{}', '{4}', '{-1}', '{}');
-- U2: one person on 31 December: 31 Dec to 6 Jan, 31 Dec to 29 Jan.
SELECT pg_temp.activity('U2', '2023-12-01', '{31}', '{31}', '{1}', '{31}', '{1}', '{31}');
SELECT pg_temp.activity('U2', '2024-01-01', '{}', '{7}', '{-1}', '{30}', '{-1}', '{}');
-- Over all trainings: one person on 28 February 2023, no leap year: to 6 March, to 29 March.
SELECT pg_temp.activity('U1', '2023-02-01', '{28}', '{28}', '{1}', '{28}', '{1}', '{28}', scope => 'all', training => '');
SELECT pg_temp.activity('U1', '2023-03-01', '{}', '{7}', '{-1}', '{30}', '{-1}', '{}', scope => 'all', training => '');

SELECT results_eq(
    $$SELECT day, active_1, active_7, active_30, new_participants_1, new_participants_7, new_participants_30
        FROM bi.rolling_participation WHERE training = 'T' AND unit = 'U1'
         AND day IN ('2024-01-29', '2024-01-30', '2024-01-31', '2024-02-06', '2024-02-07', '2024-02-28', '2024-02-29', '2024-03-01', '2024-03-05',
                     '2024-03-06', '2024-03-07', '2024-03-12', '2024-03-29', '2024-03-30', '2024-04-03', '2024-04-04', '2024-04-10', '2024-04-11')
       ORDER BY day$$,
    $$VALUES ('2024-01-30'::date, 1::bigint, 1::bigint, 1::bigint, 1::bigint, 1::bigint, 1::bigint), ('2024-01-31', 1, 1, 1, 0, 1, 1),
             ('2024-02-06', 0, 1, 1, 0, 0, 1), ('2024-02-07', 0, 0, 1, 0, 0, 1), ('2024-02-28', 0, 0, 1, 0, 0, 1),
             ('2024-02-29', 1, 1, 2, 1, 1, 1), ('2024-03-01', 0, 1, 1, 0, 1, 1), ('2024-03-05', 1, 2, 2, 0, 1, 1),
             ('2024-03-06', 0, 2, 2, 0, 1, 1), ('2024-03-07', 0, 1, 2, 0, 0, 1), ('2024-03-12', 0, 0, 2, 0, 0, 1),
             ('2024-03-29', 0, 0, 2, 0, 0, 1), ('2024-03-30', 0, 0, 1, 0, 0, 0), ('2024-04-03', 0, 0, 1, 0, 0, 0),
             ('2024-04-04', 0, 0, 0, 0, 0, 0), ('2024-04-10', 0, 0, 0, 0, 0, 0)$$,
    'people active and new, from the first active day to today');
SELECT results_eq(
    $$SELECT day, exams_sat_1, exams_sat_7, exams_sat_30, exams_passed_1, exams_passed_7, exams_passed_30, newly_passed_1, newly_passed_7,
             newly_passed_30, exam_pass_rate_7, exam_pass_rate_30
        FROM bi.rolling_participation WHERE training = 'T' AND unit = 'U1'
         AND day IN ('2024-02-28', '2024-02-29', '2024-03-01', '2024-03-05', '2024-03-06', '2024-03-07', '2024-03-29', '2024-03-30', '2024-04-04')
       ORDER BY day$$,
    $$VALUES ('2024-02-28'::date, 0::bigint, 0::bigint, 0::bigint, 0::bigint, 0::bigint, 0::bigint, 0::bigint, 0::bigint, 0::bigint, NULL::numeric, NULL::numeric),
             ('2024-02-29', 2, 2, 2, 1, 1, 1, 1, 1, 1, 0.5, 0.5), ('2024-03-01', 0, 2, 2, 0, 1, 1, 0, 1, 1, 0.5, 0.5),
             ('2024-03-05', 1, 3, 3, 0, 1, 1, 0, 1, 1, 1::numeric / 3, 1::numeric / 3), ('2024-03-06', 0, 3, 3, 0, 1, 1, 0, 1, 1, 1::numeric / 3, 1::numeric / 3),
             ('2024-03-07', 0, 1, 3, 0, 0, 1, 0, 0, 1, 0, 1::numeric / 3), ('2024-03-29', 0, 0, 3, 0, 0, 1, 0, 0, 1, NULL, 1::numeric / 3),
             ('2024-03-30', 0, 0, 1, 0, 0, 0, 0, 0, 0, NULL, 0), ('2024-04-04', 0, 0, 0, 0, 0, 0, 0, 0, 0, NULL, NULL)$$,
    'exams, passes and rates of the same windows');
SELECT results_eq(
    $$SELECT day, active_1, active_7, active_30, new_participants_7, new_participants_30 FROM bi.rolling_participation
       WHERE unit = 'U2' AND day IN ('2023-12-30', '2023-12-31', '2024-01-06', '2024-01-07', '2024-01-29', '2024-01-30')
       ORDER BY day$$,
    $$VALUES ('2023-12-31'::date, 1::bigint, 1::bigint, 1::bigint, 1::bigint, 1::bigint), ('2024-01-06', 0, 1, 1, 1, 1),
             ('2024-01-07', 0, 0, 1, 0, 1), ('2024-01-29', 0, 0, 1, 0, 1), ('2024-01-30', 0, 0, 0, 0, 0)$$,
    'across the end of a year');
SELECT results_eq(
    $$SELECT day, active_7, active_30, new_participants_7, new_participants_30 FROM bi.rolling_participation_all
       WHERE unit = 'U1' AND day IN ('2023-03-06', '2023-03-07', '2023-03-29', '2023-03-30') ORDER BY day$$,
    $$VALUES ('2023-03-06'::date, 1::bigint, 1::bigint, 1::bigint, 1::bigint), ('2023-03-07', 0, 1, 0, 1), ('2023-03-29', 0, 1, 0, 1),
             ('2023-03-30', 0, 0, 0, 0)$$,
    'and of a February of 28 days');
SELECT row_eq($$SELECT count(*)::integer, min(day), max(day) FROM bi.rolling_participation WHERE unit = 'U1'$$,
              ROW(72, '2024-01-30'::date, '2024-04-10'::date), 'no gap, nothing before the first activity, nothing after today');
SELECT row_eq($$SELECT training_name COLLATE "default", unit_name COLLATE "default" FROM bi.rolling_participation WHERE unit = 'U1' AND training = 'T'
                  AND day = '2024-03-01'$$, ROW('Khóa T'::text, 'Xã 1'::text), 'with names');

SELECT results_eq(
    $$SELECT unit COLLATE "default", day, active, new_participants, exams_sat, exams_passed, newly_passed FROM bi.participation_daily
       ORDER BY unit, day$$,
    $$VALUES ('U1', '2024-01-30'::date, 1, 1, 0, 0, 0), ('U1', '2024-01-31', 1, 0, 0, 0, 0), ('U1', '2024-02-29', 1, 1, 2, 1, 1),
             ('U1', '2024-03-05', 1, 0, 1, 0, 0), ('U2', '2023-12-31', 1, 1, 0, 0, 0)$$,
    'the days themselves, those without activity left out');

-- R has all that its units have, by the tree of the day.
SELECT results_eq(
    $$SELECT day, active_1, active_7, active_30, new_participants_30 FROM bi.rolling_rollup
       WHERE tree = 'management' AND training = 'T' AND unit = 'R'
         AND day IN ('2023-12-30', '2023-12-31', '2024-01-06', '2024-01-29', '2024-01-30', '2024-02-29') ORDER BY day$$,
    $$VALUES ('2023-12-31'::date, 1::bigint, 1::bigint, 1::bigint, 1::bigint), ('2024-01-06', 0, 1, 1, 1), ('2024-01-29', 0, 0, 1, 1),
             ('2024-01-30', 1, 1, 1, 1), ('2024-02-29', 1, 1, 2, 1)$$,
    'units add up');
SELECT results_eq(
    $$SELECT day, active_1, active_7, active_30, new_participants_30, exams_sat_7, exams_passed_30, newly_passed_30
        FROM bi.rolling_rollup_between('R', 'T', '2024-01-29', '2024-04-30')
       WHERE day IN ('2024-01-29', '2024-01-30', '2024-02-29', '2024-03-01', '2024-03-30', '2024-04-10', '2024-04-11') ORDER BY day$$,
    $$VALUES ('2024-01-29'::date, 0::bigint, 0::bigint, 1::bigint, 1::bigint, 0::bigint, 0::bigint, 0::bigint), ('2024-01-30', 1, 1, 1, 1, 0, 0, 0),
             ('2024-02-29', 1, 1, 2, 1, 2, 1, 1), ('2024-03-01', 0, 1, 1, 1, 2, 1, 1), ('2024-03-30', 0, 0, 1, 0, 0, 0, 0),
             ('2024-04-10', 0, 0, 0, 0, 0, 0, 0)$$,
    'a chart of them, up to today');
SELECT set_eq(
    $$SELECT * FROM bi.rolling_rollup_between('R', 'T', '2023-12-31', '2024-04-10')$$,
    $$SELECT day, active_1, active_7, active_30, new_participants_1, new_participants_7, new_participants_30, exams_sat_1, exams_sat_7, exams_sat_30,
             exams_passed_1, exams_passed_7, exams_passed_30, newly_passed_1, newly_passed_7, newly_passed_30
        FROM bi.rolling_rollup WHERE tree = 'management' AND training = 'T' AND unit = 'R'$$,
    'the chart is the view''s, day by day');
SELECT is((SELECT active_30 FROM bi.rolling_rollup_between('U1', '', '2023-03-29', '2023-03-29')), 1::bigint, 'without a training: all of them');
SELECT is_empty(
    $$SELECT * FROM bi.rolling_rollup_between('R', 'NO', '2024-01-29', '2024-01-30')
      UNION ALL SELECT * FROM bi.rolling_rollup_between('NO', 'T', '2024-01-29', '2024-01-30')
      UNION ALL SELECT * FROM bi.rolling_rollup_between('R', 'T', '2024-01-29', '2024-01-30', 'management', 'NO')
      UNION ALL SELECT * FROM bi.rolling_rollup_between('R', 'T', '2024-01-29', '2024-01-30', 'no')$$,
    'of what nobody knows there is no chart');
-- From 1 March on U1 stands under another unit.
INSERT INTO pulse.units (unit, name, printed_name, kind, print_order) VALUES ('Q', 'Tỉnh Q', 'Tỉnh Q', 'tinh', 2);
UPDATE pulse.unit_lines SET valid_to = '2024-02-29' WHERE unit = 'U1';
INSERT INTO pulse.unit_lines VALUES ('U1', 'management', '2024-03-01', 'infinity', 'Q');
DO 'BEGIN PERFORM pulse.rebuild_unit_paths(); END';
SELECT results_eq(
    $$SELECT day, r.active_30, q.active_30 FROM bi.rolling_rollup_between('R', 'T', '2024-02-29', '2024-03-01') r
        JOIN bi.rolling_rollup_between('Q', 'T', '2024-02-29', '2024-03-01') q USING (day) ORDER BY day$$,
    $$VALUES ('2024-02-29'::date, 2::bigint, 0::bigint), ('2024-03-01', 0, 1)$$, 'each day has its own tree');

-- Five minutes.
INSERT INTO pulse.waves VALUES (1, 'W', 'T', '2024-03-01', '2024-03-31', false);
INSERT INTO pulse.wave_labels VALUES ('W', NULL, 'Đợt W', 'Đợt W', 1);
INSERT INTO gen_1.activity_5min VALUES ('T', 'W', '2024-03-05 10:00+07', 9, 4, 2, 1), ('T', '', '2024-03-05 10:00+07', 3, 3, 0, 0),
    ('T', 'W', '2024-03-05 10:05+07', 1, 1, 0, 0);
SELECT results_eq(
    $$SELECT wave COLLATE "default", wave_name COLLATE "default", began_at, facts, learners, exams_sat, exams_passed FROM bi.activity_5min
       WHERE training = 'T' ORDER BY wave NULLS LAST, began_at$$,
    $$VALUES ('W', 'Đợt W', '2024-03-05 03:00Z'::timestamptz, 9::bigint, 4::bigint, 2::bigint, 1::bigint), ('W', 'Đợt W', '2024-03-05 03:05Z', 1, 1, 0, 0),
             (NULL, NULL, '2024-03-05 03:00Z', 3, 3, 0, 0)$$, 'five minutes by training and wave');

-- Dimensions without units.
INSERT INTO gen_1.activity VALUES ('audience', 'T', '', 'phu-nu', '', '2024-04-01', pg_temp.days('2024-04-01', '{2}', '{5}'),
    pg_temp.days('2024-04-01', '{2,9}', '{5,-5}'), pg_temp.days('2024-04-01', '{2}', '{5}'), 0, 5, pg_temp.days('2024-04-01', '{2}', '{5}'));
SELECT results_eq(
    $$SELECT day, active_1, active_7, active_30, audience_name COLLATE "default" FROM bi.rolling_participation_audience WHERE audience = 'phu-nu'
         AND day IN ('2024-04-01', '2024-04-02', '2024-04-08', '2024-04-09') ORDER BY day$$,
    $$VALUES ('2024-04-02'::date, 5::bigint, 5::bigint, 5::bigint, 'phu-nu'), ('2024-04-08', 0, 5, 5, 'phu-nu'), ('2024-04-09', 0, 0, 5, 'phu-nu')$$,
    'an audience');
SELECT is((SELECT count(*)::integer FROM bi.rolling_rollup WHERE unit NOT IN ('R', 'U1', 'U2', 'Q')), 0, 'which is never added up');

-- People of many years, each on two days: who was active in the days up to each of the last 100 is also counted one by one.
INSERT INTO pulse.trainings SELECT (jsonb_populate_record(t, '{"training": "L"}')).* FROM pulse.trainings t WHERE training = 'T';
CREATE TEMPORARY TABLE active AS
SELECT p, d FROM generate_series(1, 40) p, LATERAL (VALUES (DATE '2018-01-05' + p * 50), (DATE '2024-01-01' + p * 37 % 101)) x (d);
INSERT INTO gen_1.activity (scope, training, wave, value, unit, month, active, change_7, change_30, change_7_sum, change_30_sum)
SELECT 'training', 'L', '', '', 'U2', m.month, pg_temp.days(m.month, array_agg(c.at) FILTER (WHERE c.size = 1), array_agg(c.change) FILTER (WHERE c.size = 1)),
       pg_temp.days(m.month, array_agg(c.at) FILTER (WHERE c.size = 7), array_agg(c.change) FILTER (WHERE c.size = 7)),
       pg_temp.days(m.month, array_agg(c.at) FILTER (WHERE c.size = 30), array_agg(c.change) FILTER (WHERE c.size = 30)),
       coalesce(sum(c.change) FILTER (WHERE c.size = 7), 0), coalesce(sum(c.change) FILTER (WHERE c.size = 30), 0)
  FROM (SELECT a.d AS day, 1 AS size, 1 AS change FROM active a
        UNION ALL
        -- A window opens where none is open, and closes where the next day does not carry it on.
        SELECT w.day, s.size, w.change
          FROM (VALUES (7), (30)) s (size), active a,
               LATERAL (VALUES (a.d, 1, NOT EXISTS (SELECT FROM active b WHERE b.p = a.p AND b.d < a.d AND a.d - b.d <= s.size)),
                               (a.d + s.size, -1, NOT EXISTS (SELECT FROM active b WHERE b.p = a.p AND b.d > a.d AND b.d - a.d <= s.size))) w (day, change, counts)
         WHERE w.counts) e
 CROSS JOIN LATERAL (SELECT date_trunc('month', e.day)::date AS month, extract(day FROM e.day)::integer AS at, e.change, e.size) c
 CROSS JOIN LATERAL (SELECT c.month) m
 GROUP BY m.month;
CREATE TEMPORARY TABLE one_by_one AS
SELECT n.day::date, (SELECT count(DISTINCT p) FROM active a WHERE a.d = n.day) AS active_1,
       (SELECT count(DISTINCT p) FROM active a WHERE a.d > n.day - interval '7 days' AND a.d <= n.day) AS active_7,
       (SELECT count(DISTINCT p) FROM active a WHERE a.d > n.day - interval '30 days' AND a.d <= n.day) AS active_30
  FROM generate_series(timestamp '2018-06-01', '2024-04-10', interval '1 day') n (day);
SELECT set_eq($$SELECT day, active_1, active_7, active_30 FROM bi.rolling_participation WHERE training = 'L' AND unit = 'U2' AND day >= '2018-06-01'$$,
              'SELECT * FROM one_by_one', 'years of days, those long past and those of now');
SELECT set_eq($$SELECT day, active_1, active_7, active_30 FROM bi.rolling_rollup_between('U2', 'L', '2018-06-01', '2018-09-30')
                 UNION ALL SELECT day, active_1, active_7, active_30 FROM bi.rolling_rollup_between('R', 'L', '2024-03-11', '2024-04-10')$$,
              $$SELECT * FROM one_by_one WHERE day <= '2018-09-30' OR day >= '2024-03-11'$$, 'charts at both ends of them');

SELECT * FROM finish();
ROLLBACK;
