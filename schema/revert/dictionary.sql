-- Revert mooc_pulse:dictionary from pg
BEGIN;
UPDATE pulse.schema_version SET version = 1;
DROP FUNCTION pulse.comment_bi_views;
DROP VIEW bi.dictionary;
DROP TABLE pulse.adds_over, pulse.grains, pulse.dictionary;
COMMIT;
