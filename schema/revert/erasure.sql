-- Revert mooc_pulse:erasure from pg
BEGIN;
DROP FUNCTION archive.erasures_blanked;
DROP FUNCTION archive.blank_erased;
DROP TABLE archive.erasures;
COMMIT;
