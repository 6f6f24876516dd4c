-- Verify mooc_pulse:bi_sources on pg
SELECT source, stream, complete_through, age, folded_through FROM bi.freshness WHERE false;
SELECT training, source, stream, complete_through, holds_back FROM bi.training_freshness WHERE false;
SELECT kind, unit, source, file, sheet, "row", count, to_do, to_do_en FROM bi.data_issues WHERE false;
SELECT generation, config_version, today, schema_version, reader_units FROM bi.generation WHERE false;
SELECT unit FROM bi.units_within('') WHERE false;
