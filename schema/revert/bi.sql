-- Revert mooc_pulse:bi from pg
BEGIN;
DROP SCHEMA bi CASCADE;
COMMIT;
