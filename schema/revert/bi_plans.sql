-- Revert mooc_pulse:bi_plans from pg
BEGIN;
DROP FUNCTION bi.training_plans;
DROP VIEW bi.deadline_status, pulse.uncovered_deadlines, pulse.uncovered_days, pulse.due_days, bi.target_progress,
    pulse.target_actuals, pulse.management_headcounts, pulse.management_people, pulse.target_trees, bi.headcounts, pulse.current_headcounts;
COMMIT;
