-- Revert mooc_pulse:bi_grants from pg
BEGIN;
DROP VIEW pulse.visible_units, pulse.reader;
DROP FUNCTION pulse.units_of, pulse.granted_login;
DROP TABLE pulse.bi_grants;
COMMIT;
