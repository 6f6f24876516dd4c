-- Verify mooc_pulse:bi on pg
SELECT training, wave, unit, planned, registered, not_registered, pass_rate_participants FROM bi.participation WHERE false;
SELECT training, unit, registered FROM bi.participation_training WHERE false;
SELECT unit, registered FROM bi.participation_all WHERE false;
SELECT year, unit, registered FROM bi.participation_year WHERE false;
SELECT wave, unit, study_group, participation_rate FROM bi.group_status WHERE false;
SELECT tree, wave, unit, parent, level, registered FROM bi.unit_rollup WHERE false;
SELECT wave, registered, passed, is_current FROM bi.published_totals WHERE false;
SELECT wave, "position", source, rank_pass_rate, province_rank_registered, provinces FROM bi.province_ranking WHERE false;
SELECT source, stream, complete_through, age, folded_through FROM bi.freshness WHERE false;
SELECT kind, unit, source, file, sheet, "row", count, to_do, to_do_en FROM bi.data_issues WHERE false;
SELECT unit, parent, territory, aliases FROM bi.units WHERE false;
SELECT training FROM bi.trainings WHERE false;
SELECT wave, figures FROM bi.waves WHERE false;
SELECT wave, study_group FROM bi.groups WHERE false;
SELECT generation, config_version FROM bi.generation WHERE false;
