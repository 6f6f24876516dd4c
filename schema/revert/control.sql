-- Revert mooc_pulse:control from pg
BEGIN;
DROP SCHEMA pulse CASCADE;
COMMIT;
