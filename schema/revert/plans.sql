-- Revert mooc_pulse:plans from pg
BEGIN;
DROP INDEX pulse.targets_wave;
DROP VIEW pulse.plans, pulse.worked_targets;
COMMIT;
