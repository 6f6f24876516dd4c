-- Revert mooc_pulse:bi_activity from pg
BEGIN;
DROP FUNCTION bi.rolling_rollup_between;
DROP VIEW bi.activity_5min, bi.rolling_rollup, bi.rolling_participation, pulse.rolling, bi.participation_daily;
COMMIT;
