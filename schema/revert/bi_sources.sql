-- Revert mooc_pulse:bi_sources from pg
BEGIN;
DROP FUNCTION bi.units_within;
DROP VIEW bi.generation, bi.data_issues, bi.training_freshness, bi.freshness;
COMMIT;
