-- Revert mooc_pulse:bi_rankings from pg
BEGIN;
DROP VIEW bi.province_ranking, bi.published_totals;
COMMIT;
