-- Revert mooc_pulse:plans from pg
BEGIN;
DROP VIEW pulse.plans_within, pulse.plans, pulse.worked_targets;
DROP FUNCTION pulse.rebuild_plans;
DROP TABLE pulse.plan_reach, pulse.plan_sums, pulse.target_numbers;
COMMIT;
