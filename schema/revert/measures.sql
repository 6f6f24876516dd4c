-- Revert mooc_pulse:measures from pg
BEGIN;
DROP VIEW pulse.rated_platforms, pulse.rated_subtrees, pulse.rated_groups, pulse.rated_measures, pulse.measures, pulse.today;
DROP TABLE pulse.days;
COMMIT;
