-- Revert mooc_pulse:calendar from pg
BEGIN;
DROP FUNCTION bi.working_days_between, bi.due_day;
DROP VIEW pulse.counted_days;
COMMIT;
