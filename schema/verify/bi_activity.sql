-- Verify mooc_pulse:bi_activity on pg
SELECT scope, training, wave, value, unit, day, active FROM bi.participation_daily WHERE false;
SELECT scope, training, wave, value, unit, day, active_30, exams_passed_7, exam_pass_rate_7 FROM bi.rolling_participation WHERE false;
SELECT tree, scope, training, wave, unit, day, active_30 FROM bi.rolling_rollup WHERE false;
SELECT training, wave, began_at, facts, learners FROM bi.activity_5min WHERE false;
