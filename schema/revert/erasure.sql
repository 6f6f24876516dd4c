-- Revert mooc_pulse:erasure from pg
BEGIN;
DELETE FROM pulse.saved_tables WHERE name IN ('archive.erasures', 'archive.erasures_asked');
DROP FUNCTION archive.erasures_blanked;
DROP FUNCTION archive.blank_erased;
DROP TABLE archive.erasures_asked;
DROP TABLE archive.erasures;
COMMIT;
