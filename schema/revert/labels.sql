-- Revert mooc_pulse:labels from pg
BEGIN;
DROP FUNCTION pulse.rebuild_unit_paths, pulse.add_unit_paths, pulse.rebuild_tree_versions, pulse.rebuild_working_days;
COMMIT;
