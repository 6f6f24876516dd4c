-- Revert mooc_pulse:live from pg
BEGIN;
DROP VIEW pulse.live_courses, pulse.live_waves, pulse.live_pass_rules, pulse.live_trainings, pulse.live_unmapped,
    pulse.live_dead_letters, pulse.live_marks, pulse.live_headcounts, pulse.live_totals, pulse.live_issues, pulse.live_deadlines,
    pulse.live_activity_5min, pulse.live_activity, pulse.live_tallies;
DROP FUNCTION pulse.rebuild_live_views;
DROP FUNCTION pulse.live_among;
COMMIT;
