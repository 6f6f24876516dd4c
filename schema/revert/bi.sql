-- Revert mooc_pulse:bi from pg
BEGIN;
DO $$
BEGIN
    EXECUTE format('ALTER DATABASE %I RESET jit', current_database());
EXCEPTION WHEN insufficient_privilege THEN
    NULL;
END $$;
DROP SCHEMA bi CASCADE;
DROP VIEW pulse.current_lines;
DROP VIEW pulse.current_paths;
COMMIT;
