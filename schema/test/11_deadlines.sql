-- Working days with Tết and a make-up Saturday, and deadlines by hand. Day n is the n-th working day after day 0.
BEGIN;
\ir support/empty.psql
SELECT plan(17);
CREATE OR REPLACE VIEW pulse.today AS SELECT '2024-02-20'::date AS today;

-- February 2024: 1 is a Thursday. Holidays 8 to 14, Saturday 17 is worked: working days 1 2 5 6 7 15 16 17 19 20 21 22 ...
INSERT INTO pulse.calendar
SELECT '2024-02-08'::date + n, 'holiday', 'Tết' FROM generate_series(0, 6) n
UNION ALL VALUES ('2024-01-01'::date, 'holiday', 'Tết Dương lịch'), ('2024-02-17', 'working_saturday', 'Làm bù');
DO 'BEGIN PERFORM pulse.rebuild_working_days(); END';
-- January 2024 has 23 days from Monday to Friday, one of them a holiday.
SELECT results_eq(
    $$SELECT day, number FROM pulse.working_days WHERE day BETWEEN '2024-01-31' AND '2024-02-20' ORDER BY day$$,
    $$VALUES ('2024-01-31'::date, 22), ('2024-02-01', 23), ('2024-02-02', 24), ('2024-02-03', 24), ('2024-02-04', 24), ('2024-02-05', 25),
             ('2024-02-06', 26), ('2024-02-07', 27), ('2024-02-08', 27), ('2024-02-09', 27), ('2024-02-10', 27), ('2024-02-11', 27), ('2024-02-12', 27),
             ('2024-02-13', 27), ('2024-02-14', 27), ('2024-02-15', 28), ('2024-02-16', 29), ('2024-02-17', 30), ('2024-02-18', 30),
             ('2024-02-19', 31), ('2024-02-20', 32)$$, 'working days are numbered');
SELECT row_eq('SELECT min(day), max(day), count(*)::integer FROM pulse.working_days', ROW('2024-01-01'::date, '2024-12-31'::date, 366),
              'a year with one day listed is covered whole');
SELECT results_eq(
    $$SELECT day, is_working_day, day_kind COLLATE "default" FROM bi.calendar WHERE day IN ('2024-01-01', '2024-01-02', '2024-02-07', '2024-02-08',
             '2024-02-10', '2024-02-17', '2024-02-24') ORDER BY day$$,
    $$VALUES ('2024-01-01'::date, false, 'holiday'), ('2024-01-02', true, NULL), ('2024-02-07', true, NULL), ('2024-02-08', false, 'holiday'),
             ('2024-02-10', false, 'holiday'), ('2024-02-17', true, 'working_saturday'), ('2024-02-24', false, NULL)$$, 'bi.calendar says which');
SELECT results_eq(
    $$SELECT d, bi.due_day(d::date, 3) FROM unnest(ARRAY['2024-02-05', '2024-02-07', '2024-02-10', '2024-02-16', '2024-02-17', '2024-02-19']) d$$,
    $$VALUES ('2024-02-05', '2024-02-15'::date), ('2024-02-07', '2024-02-17'), ('2024-02-10', '2024-02-17'), ('2024-02-16', '2024-02-20'),
             ('2024-02-17', '2024-02-21'), ('2024-02-19', '2024-02-22')$$, 'the due day');
SELECT is(bi.working_days_between('2024-02-05', '2024-02-20'), 7, '6 7 15 16 17 19 20');
SELECT throws_ok($$SELECT bi.due_day('2023-12-29', 3)$$, '22008', 'the calendar does not cover 3 working days from 2023-12-29 on',
                 'a day that is not covered is an error');
SELECT throws_ok($$SELECT bi.due_day('2024-12-30', 3)$$, '22008', NULL, 'so is a due day after the covered time');
SELECT throws_ok($$SELECT bi.working_days_between('2024-12-30', '2025-01-02')$$, '22008', 'the calendar does not cover 2024-12-30 to 2025-01-02',
                 'and an end after it');

INSERT INTO pulse.units (unit, name, printed_name, kind, print_order) VALUES ('U', 'Đơn vị U', 'Đơn vị U', 'xa', 1);
INSERT INTO pulse.trainings (config_version, training, deadline_working_days, lectures, completion_min_progress)
VALUES (1, 'T', 3, 10, 1), (1, 'S', 3, NULL, 1);
INSERT INTO pulse.waves VALUES (1, 'W', 'T', NULL, NULL, false), (1, 'S1', 'S', NULL, NULL, false);
INSERT INTO pulse.wave_labels VALUES ('W', NULL, 'Đợt W', 'Đợt W', 1);
INSERT INTO gen_1.deadlines
SELECT 'T', 'W', 'U', day_0::date, completed_on::date, lectures, learners
  FROM (VALUES ('2024-02-05', '2024-02-15', 0, 2),     -- due 15: on time
               ('2024-02-05', '2024-02-16', 0, 3),     -- late
               ('2024-02-05', 'infinity', 9, 4),       -- overdue
               ('2024-02-07', '2024-02-17', 0, 5),     -- due on the worked Saturday: on time
               ('2024-02-07', 'infinity', 10, 6),      -- overdue: lectures do not complete it
               ('2024-02-16', 'infinity', 2, 7),       -- due today, 3 working days gone: at risk
               ('2024-02-16', 'infinity', 3, 8),       -- due today: in time
               ('2024-02-17', 'infinity', 1, 9),       -- 2 gone: at risk
               ('2024-02-19', 'infinity', 1, 10),      -- 1 gone: in time
               ('2024-02-19', 'infinity', 0, 11),      -- at risk
               ('infinity', 'infinity', 0, 12),        -- no account yet: not begun
               ('infinity', '2024-02-19', 0, 13),      -- completed without one: on time
               ('2023-12-29', 'infinity', 0, 14)       -- not covered
       ) v (day_0, completed_on, lectures, learners);
SELECT row_eq(
    $$SELECT training COLLATE "default", wave_name COLLATE "default", unit_name COLLATE "default", as_of, deadline_working_days, learners, on_time, late, overdue,
             at_risk, in_time, not_begun, not_computable, next_due FROM bi.deadline_status WHERE wave = 'W'$$,
    ROW('T'::text, 'Đợt W'::text, 'Đơn vị U'::text, '2024-02-20'::date, 3, 104::bigint, 20::bigint, 3::bigint, 10::bigint, 27::bigint, 18::bigint,
        12::bigint, 14::bigint, '2024-02-20'::date),
    'every state, each learner once');
SELECT results_eq($$SELECT kind COLLATE "default", wave COLLATE "default", detail COLLATE "default", count FROM bi.data_issues$$,
                  $$VALUES ('calendar_not_covered', 'W', '29/12/2023', 14)$$, 'what the calendar does not cover is an issue');
INSERT INTO gen_1.deadlines VALUES ('S', 'S1', 'U', '2024-02-16', 'infinity', 0, 5);
SELECT row_eq($$SELECT at_risk, in_time FROM bi.deadline_status WHERE wave = 'S1'$$, ROW(0::bigint, 5::bigint),
              'without lectures nobody is at risk before the due day');

-- The same rows on another day: late stays, what was in time is overdue.
CREATE OR REPLACE VIEW pulse.today AS SELECT '2024-02-21'::date AS today;
SELECT row_eq($$SELECT on_time, late, overdue, at_risk, in_time, next_due FROM bi.deadline_status WHERE wave = 'W'$$,
              ROW(20::bigint, 3::bigint, 25::bigint, 30::bigint, 0::bigint, '2024-02-21'::date), 'a day later');
CREATE OR REPLACE VIEW pulse.today AS SELECT '2025-03-01'::date AS today;
SELECT row_eq($$SELECT on_time, late, overdue, at_risk, in_time, not_computable FROM bi.deadline_status WHERE wave = 'W'$$,
              ROW(20::bigint, 3::bigint, 55::bigint, 0::bigint, 0::bigint, 14::bigint), 'after the covered time what was due in it is overdue');

-- A year that is missing between two covered ones is no bridge.
INSERT INTO pulse.calendar VALUES ('2022-01-03', 'holiday', 'Nghỉ bù');
DO 'BEGIN PERFORM pulse.rebuild_working_days(); END';
CREATE OR REPLACE VIEW pulse.today AS SELECT '2024-02-20'::date AS today;
INSERT INTO gen_1.deadlines VALUES ('T', 'W', 'U', '2022-12-29', 'infinity', 0, 100), ('T', 'W', 'U', '2022-12-27', 'infinity', 0, 1000);
SELECT row_eq($$SELECT overdue, not_computable FROM bi.deadline_status WHERE wave = 'W'$$, ROW(1010::bigint, 114::bigint),
              'due days are not counted across a year that is not covered');
SELECT throws_ok($$SELECT bi.due_day('2022-12-29', 3)$$, '22008', NULL, 'nor does the function');
SELECT throws_ok($$SELECT bi.working_days_between('2022-12-29', '2024-01-02')$$, '22008', NULL, 'nor are working days');

-- Certificates, and nobody's progress: who has begun may be done or not, and nobody is called overdue.
INSERT INTO gen_1.tallies VALUES ('training', 'T', '', 0, '', 'U', '', 9, 9, 9, 9, 9, 0, 0, 0, 0, 9, 0);
SELECT row_eq($$SELECT learners, on_time, late, overdue, at_risk, in_time, not_begun, not_computable, next_due FROM bi.deadline_status WHERE wave = 'W'$$,
              ROW(1204::bigint, 0::bigint, 0::bigint, 0::bigint, 0::bigint, 0::bigint, 12::bigint, 1192::bigint, NULL::date),
              'without completion no deadline is missed');

SELECT * FROM finish();
ROLLBACK;
