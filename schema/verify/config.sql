-- Verify mooc_pulse:config on pg
SELECT config_version, fingerprint FROM pulse.config_versions WHERE false;
SELECT config_version, training, pass_by_platform, pass_min_score, completion_min_progress FROM pulse.trainings WHERE false;
SELECT config_version, wave, training, begins, ends, totals_only FROM pulse.waves WHERE false;
SELECT config_version, source, course, training, exam FROM pulse.courses WHERE false;
SELECT unit, name, printed_name, kind, parent, territory, print_order, valid_from, valid_to, successor FROM pulse.units WHERE false;
SELECT unit, alias FROM pulse.unit_aliases WHERE false;
SELECT training, name_vi, name_en FROM pulse.training_labels WHERE false;
SELECT wave, province, name, printed_name, print_order FROM pulse.wave_labels WHERE false;
SELECT wave, unit, planned FROM pulse.targets WHERE false;
SELECT day, kind, name FROM pulse.calendar WHERE false;
