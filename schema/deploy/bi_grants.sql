-- Deploy mooc_pulse:bi_grants to pg
-- Whose figures a login of BI tools sees. One that has no row here sees all; one with rows its units with all that stand below them by
-- today's line of management. A unit that is not (any more) in the reference data stays a grant of itself: nothing falls open.
BEGIN;
SET LOCAL ROLE mooc_owner;

CREATE TABLE pulse.bi_grants (
    login text COLLATE "C" NOT NULL,
    unit  text COLLATE "C" NOT NULL CHECK (unit <> ''),
    PRIMARY KEY (login, unit)
);
COMMENT ON TABLE pulse.bi_grants IS 'Units whose figures a login of BI tools is limited to; a login without a row sees all';

-- The reader is who asks (current_user); where that role has no grants, such as a group that a login took on by SET ROLE, who logged in.
-- In a view current_user is who reads it; in a SECURITY DEFINER function it is the owner: hand the login in, and use the functions below.
CREATE FUNCTION pulse.granted_login(reader name, login name) RETURNS name
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
SELECT g.login::name FROM pulse.bi_grants g WHERE g.login IN (reader::text, granted_login.login::text)
 ORDER BY g.login = reader::text DESC LIMIT 1
$$;
COMMENT ON FUNCTION pulse.granted_login IS 'The login whose grants hold: of who reads, else of who logged in; NULL: neither is limited to units';

CREATE FUNCTION pulse.units_of(granted name) RETURNS SETOF text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp ROWS 500 AS $$
SELECT g.unit FROM pulse.bi_grants g WHERE g.login = granted::text
UNION
SELECT p.unit
  FROM pulse.bi_grants g
  JOIN pulse.tree_versions v ON v.tree = 'management'
   AND (now() AT TIME ZONE 'Asia/Ho_Chi_Minh')::date BETWEEN v.version_from AND v.version_to
  JOIN pulse.unit_paths p ON p.tree = v.tree AND p.version_from = v.version_from AND p.ancestor = g.unit
 WHERE g.login = granted::text
$$;
COMMENT ON FUNCTION pulse.units_of IS 'The units that a granted login sees: its own and those below them today';

-- For views: WHERE (SELECT sees_all FROM pulse.reader) OR f.unit IN (SELECT unit FROM pulse.visible_units). Each is worked out once
-- per query (an InitPlan, a hashed SubPlan); a row without unit is shown to nobody with grants.
CREATE VIEW pulse.reader AS
SELECT pulse.granted_login(current_user, session_user) IS NULL AS sees_all;
COMMENT ON VIEW pulse.reader IS 'Whether who reads sees the figures of all units';

CREATE VIEW pulse.visible_units AS
SELECT u.unit COLLATE "C" AS unit FROM pulse.units_of(pulse.granted_login(current_user, session_user)) u (unit);
COMMENT ON VIEW pulse.visible_units IS 'The units of who reads, if it is limited to units; else none';

REVOKE ALL ON FUNCTION pulse.granted_login, pulse.units_of FROM PUBLIC;
GRANT EXECUTE ON FUNCTION pulse.granted_login, pulse.units_of TO mooc_bi, mooc_writer;
GRANT SELECT ON pulse.bi_grants, pulse.reader, pulse.visible_units TO mooc_writer;

COMMIT;
