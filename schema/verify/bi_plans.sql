-- Verify mooc_pulse:bi_plans on pg
SELECT wave, unit, activity, audience, attendances FROM bi.headcounts WHERE false;
SELECT target, unit, measure, planned_low, planned_high, actual, target_rate, remaining, status FROM bi.target_progress WHERE false;
SELECT training, wave, unit, learners, on_time, late, overdue, at_risk, not_computable FROM bi.deadline_status WHERE false;
SELECT wave, day, learners FROM pulse.uncovered_deadlines WHERE false;
SELECT unit, planned FROM bi.training_plans('') WHERE false;
