-- Revert mooc_pulse:archive from pg
BEGIN;
DROP SCHEMA archive CASCADE;
COMMIT;
