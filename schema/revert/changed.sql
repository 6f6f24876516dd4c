-- Revert mooc_pulse:changed from pg
BEGIN;
DROP VIEW pulse.changed_trainings, pulse.raised;
DROP TABLE pulse.changed_all, pulse.changed;
COMMIT;
