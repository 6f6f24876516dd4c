-- Verify mooc_pulse:bi_activity on pg
SELECT training, unit, day, active, unit_path, changed_at FROM bi.participation_daily WHERE false;
SELECT training, wave, unit, day, active FROM bi.participation_daily_wave WHERE false;
SELECT unit, day, active FROM bi.participation_daily_all WHERE false;
SELECT training, platform, day, active FROM bi.participation_daily_platform WHERE false;
SELECT training, audience, day, active FROM bi.participation_daily_audience WHERE false;
SELECT training, unit, day, active_30, exams_passed_7, exam_pass_rate_7, unit_path, changed_at FROM bi.rolling_participation WHERE false;
SELECT training, wave, unit, day, active_30 FROM bi.rolling_participation_wave WHERE false;
SELECT unit, day, active_30 FROM bi.rolling_participation_all WHERE false;
SELECT training, platform, day, active_30 FROM bi.rolling_participation_platform WHERE false;
SELECT training, audience, day, active_30 FROM bi.rolling_participation_audience WHERE false;
SELECT tree, training, unit, day, active_30 FROM bi.rolling_rollup WHERE false;
SELECT tree, training, wave, unit, day, active_30 FROM bi.rolling_rollup_wave WHERE false;
SELECT tree, unit, day, active_30 FROM bi.rolling_rollup_all WHERE false;
SELECT training, wave, began_at, facts, learners FROM bi.activity_5min WHERE false;
