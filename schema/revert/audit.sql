-- Revert mooc_pulse:audit from pg
BEGIN;
DROP FUNCTION pulse.audit_note;
DROP TABLE pulse.audit;
COMMIT;
