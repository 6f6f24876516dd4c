-- Revert mooc_pulse:bi_grants from pg
BEGIN;
DROP FUNCTION pulse.show_figures;
DROP VIEW pulse.visible_waves, pulse.visible_units, pulse.reader;
DROP FUNCTION pulse.units_of, pulse.granted_login;
DROP TABLE pulse.bi_grants;
COMMIT;
