-- Revert mooc_pulse:config from pg
BEGIN;
DROP TABLE pulse.calendar, pulse.targets, pulse.wave_labels, pulse.training_labels, pulse.unit_aliases, pulse.units,
    pulse.courses, pulse.waves, pulse.trainings, pulse.config_versions;
COMMIT;
