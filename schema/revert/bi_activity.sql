-- Revert mooc_pulse:bi_activity from pg
BEGIN;
DROP FUNCTION bi.rolling_rollup_between, pulse.rolling_chart, pulse.activity_grains;
DROP VIEW bi.activity_5min, bi.rolling_rollup, bi.rolling_rollup_wave, bi.rolling_rollup_all, bi.rolling_participation,
    bi.rolling_participation_wave, bi.rolling_participation_all, bi.rolling_participation_platform, bi.rolling_participation_audience,
    pulse.rolling, bi.participation_daily, bi.participation_daily_wave, bi.participation_daily_all, bi.participation_daily_platform,
    bi.participation_daily_audience, pulse.daily;
COMMIT;
