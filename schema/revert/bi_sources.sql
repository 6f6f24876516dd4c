-- Revert mooc_pulse:bi_sources from pg
BEGIN;
DROP VIEW bi.generation, bi.data_issues, bi.training_freshness, bi.freshness;
COMMIT;
