-- Revert mooc_pulse:config from pg
BEGIN;
DROP TABLE pulse.working_days, pulse.calendar, pulse.audience_labels, pulse.staff, pulse.targets, pulse.wave_labels,
    pulse.training_labels, pulse.unit_path_names, pulse.unit_paths, pulse.tree_versions, pulse.unit_lines, pulse.unit_successors, pulse.unit_aliases,
    pulse.units, pulse.courses, pulse.waves, pulse.pass_rules, pulse.trainings, pulse.config_versions;
COMMIT;
