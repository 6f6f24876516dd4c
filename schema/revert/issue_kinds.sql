-- Revert mooc_pulse:issue_kinds from pg
BEGIN;
DROP TABLE pulse.issue_kinds;
COMMIT;
