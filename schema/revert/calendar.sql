-- Revert mooc_pulse:calendar from pg
BEGIN;
DROP FUNCTION bi.working_days_between, bi.due_day;
COMMIT;
