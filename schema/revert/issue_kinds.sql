-- Revert mooc_pulse:issue_kinds from pg
BEGIN;
DROP FUNCTION pulse.detail_vi;
DROP TABLE pulse.detail_words;
DROP TABLE pulse.issue_kinds;
COMMIT;
