-- Revert mooc_pulse:plans from pg
BEGIN;
DROP VIEW pulse.plans, pulse.worked_targets;
COMMIT;
