-- Revert mooc_pulse:verify from pg
BEGIN;
DROP TABLE pulse.verifications;
COMMIT;
