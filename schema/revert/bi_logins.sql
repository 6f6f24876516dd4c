-- Revert mooc_pulse:bi_logins from pg
-- The logins stay: they may be in use for other databases.
BEGIN;
DROP FUNCTION pulse.add_bi_login, pulse.drop_bi_login, pulse.end_bi_sessions, pulse.units_like;
DROP VIEW pulse.bi_logins;
COMMIT;
