-- Years, exams, audiences and rules in words: what the views of people add to their counts.
BEGIN;
\ir support/empty.psql
SELECT plan(10);

INSERT INTO pulse.trainings (config_version, training, completion_min_progress, completion_by, completion_min_attendance, deadline_working_days)
VALUES (1, 'T', 0.8, 'certificate', 3, 10);
INSERT INTO pulse.pass_rules (config_version, training, position, by_platform, min_score, min_progress, certificate, attempt, waves, valid_from, valid_to) VALUES
    (1, 'T', 1, false, 0.5, 1, true, 'last', '{W}', '2023-07-01', '2023-12-31'), (1, 'T', 2, true, NULL, NULL, false, 'best', NULL, NULL, NULL);
INSERT INTO pulse.waves VALUES (1, 'W', 'T', NULL, NULL, false);
INSERT INTO pulse.units (unit, name, printed_name, kind, print_order) VALUES ('U', 'Đơn vị U', 'Đơn vị U', 'xa', 1);
INSERT INTO pulse.audience_labels VALUES ('audience', 'phu-nu', 'Phụ nữ', 'Women'), ('audience', 'nong-dan', 'Nông dân', 'Farmers'), ('inviter', 'doan', 'Đoàn Thanh niên', 'Youth Union');
DO 'BEGIN PERFORM pg_temp.labels_changed(); END';

-- registered accounts activated enrolled participated completed sat passed failed certified not_registered, then
-- first_time passed_first scored attempts attempts_passed score_sum
INSERT INTO gen_1.tallies VALUES ('wave', 'T', 'W', 0, '', 'U', 'a', 10, 9, 8, 8, 7, 6, 4, 3, 1, 2, 0, 0, 2, 3, 6, 3, 20000),
    ('wave', 'T', 'W', 0, '', 'U', 'b', 5, 5, 5, 5, 5, 5, 1, 0, 1, 0, 0, 0, 0, 1, 2, 0, 2500),
    ('year', '', '', 2023, '', 'U', '', 12000, 9000, 0, 9000, 9000, 8000, 0, 0, 0, 0, 0, 11000, 0, 0, 0, 0, 0),
    ('year', '', '', 2023, '', '', '', 0, 10, 0, 10, 10, 0, 0, 0, 0, 0, 10, 4, 0, 0, 0, 0, 0);
INSERT INTO gen_1.tallies VALUES
    ('audience', 'T', '', 0, 'phu-nu', 'U', '', 6, 6, 6, 6, 6, 6, 3, 3, 0, 0, 0), ('audience', 'T', '', 0, 'nong-dan', 'U', '', 9, 9, 9, 9, 9, 9, 3, 3, 0, 0, 0),
    ('audience', 'T', '', 0, 'khac', 'U', '', 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0), ('inviter', 'T', '', 0, 'doan', 'U', '', 4, 4, 4, 4, 4, 4, 2, 1, 1, 0, 0);

SELECT row_eq($$SELECT registered, sat, passed, failed, passed_first, attempts, attempts_passed, scored FROM bi.exam_results WHERE wave = 'W'$$,
              ROW(15::bigint, 5::bigint, 3::bigint, 2::bigint, 2::bigint, 8::bigint, 3::bigint, 4::bigint), 'groups add up');
SELECT row_eq($$SELECT average_score, pass_rate_sat, first_pass_rate, attempt_pass_rate, attempts_per_learner, pass_rate_registered, pass_rate_participants
                  FROM bi.exam_results WHERE wave = 'W'$$,
              ROW(0.5625::numeric, 0.6::numeric, 0.4::numeric, 0.375::numeric, 1.6::numeric, 0.2::numeric, 0.25::numeric),
              'rates of people and of attempts; the mean of best scores: 2.25 of 4 people');
SELECT results_eq($$SELECT study_group COLLATE "default", registered, completion_rate, certification_rate FROM bi.group_status ORDER BY 1$$,
                  $$VALUES ('a', 10::bigint, 0.6::numeric, 0.2::numeric), ('b', 5, 1, 0)$$, 'groups by themselves');
SELECT results_eq($$SELECT unit COLLATE "default", registered, not_registered, first_time, repeat FROM bi.participation_year WHERE year = 2023 ORDER BY 1 NULLS LAST$$,
                  $$VALUES ('U', 12000::bigint, 0::bigint, 11000::bigint, 1000::bigint), (NULL, 0, 10, 4, 6)$$, 'first-time and repeat apart');
SELECT results_eq($$SELECT audience COLLATE "default", audience_name COLLATE "default", registered, pass_rate_registered FROM bi.audience_status ORDER BY 1$$,
                  $$VALUES ('khac', 'khac', 1::bigint, 0::numeric), ('nong-dan', 'Nông dân', 9, 3::numeric / 9), ('phu-nu', 'Phụ nữ', 6, 0.5)$$,
                  'audiences overlap: 15 people have 16 tags');
SELECT results_eq($$SELECT inviter COLLATE "default", inviter_name COLLATE "default", registered, pass_rate_registered FROM bi.inviter_status$$,
                  $$VALUES ('doan', 'Đoàn Thanh niên', 4::bigint, 0.25)$$, 'inviting bodies apart');
SELECT results_eq($$SELECT audience COLLATE "default", audience_name_en COLLATE "default" FROM bi.audiences ORDER BY 1$$,
                  $$VALUES ('khac', 'khac'), ('nong-dan', 'Farmers'), ('phu-nu', 'Women')$$, 'also one that is only listed');
SELECT results_eq($$SELECT inviter COLLATE "default", inviter_name_en COLLATE "default" FROM bi.inviters$$,
                  $$VALUES ('doan', 'Youth Union')$$, 'inviters are no audiences');
SELECT row_eq($$SELECT pass_rules COLLATE "default", pass_rules_en COLLATE "default" FROM bi.trainings$$,
              ROW('điểm từ 50%, tiến độ học từ 100%, có giấy chứng nhận, lần thi cuối, đợt W, từ 01/07/2023, đến 31/12/2023; nền tảng xác định đạt, lần thi tốt nhất'::text,
                  'score of at least 50%, progress of at least 100%, with a certificate, last attempt, waves W, from 2023-07-01, to 2023-12-31; the platform says passed, best attempt'::text),
              'rules in words');
SELECT row_eq($$SELECT completion_rule COLLATE "default", completion_rule_en COLLATE "default", deadline_working_days FROM bi.trainings$$,
              ROW('tiến độ học từ 80% hoặc được cấp chứng nhận hoặc học trực tiếp ít nhất 3 ngày'::text,
                  'progress of at least 80% or certified or at least 3 days of classes'::text, 10), 'and when it is completed');

SELECT * FROM finish();
ROLLBACK;
