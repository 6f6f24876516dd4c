-- Verify mooc_pulse:config on pg
SELECT config_version, fingerprint FROM pulse.config_versions WHERE false;
SELECT config_version, training, completion_min_progress, completion_by, completion_min_attendance, deadline_working_days, lectures FROM pulse.trainings WHERE false;
SELECT config_version, training, position, by_platform, min_score, attempt, waves, valid_from, valid_to FROM pulse.pass_rules WHERE false;
SELECT config_version, wave, training, begins, ends, totals_only FROM pulse.waves WHERE false;
SELECT config_version, source, course, training, exam FROM pulse.courses WHERE false;
SELECT unit, name, printed_name, kind, parent, territory, print_order, valid_from, valid_to, official_code FROM pulse.units WHERE false;
SELECT unit, successor FROM pulse.unit_successors WHERE false;
SELECT unit, tree, valid_from, valid_to, above FROM pulse.unit_lines WHERE false;
SELECT tree, version_from, version_to FROM pulse.tree_versions WHERE false;
SELECT tree, version_from, ancestor, unit, distance FROM pulse.unit_paths WHERE false;
SELECT unit, alias FROM pulse.unit_aliases WHERE false;
SELECT training, name_vi, name_en FROM pulse.training_labels WHERE false;
SELECT wave, province, name, printed_name, print_order FROM pulse.wave_labels WHERE false;
SELECT target, wave, training, unit, measure, planned, planned_max, share, staff_on, per_helper FROM pulse.targets WHERE false;
SELECT unit, day, staff, helpers FROM pulse.staff WHERE false;
SELECT kind, audience, name_vi, name_en FROM pulse.audience_labels WHERE false;
SELECT day, number FROM pulse.working_days WHERE false;
SELECT day, kind, name FROM pulse.calendar WHERE false;
