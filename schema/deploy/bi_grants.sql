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

CREATE VIEW pulse.visible_waves AS
SELECT l.wave FROM pulse.wave_labels l JOIN pulse.visible_units v ON v.unit = l.province;
COMMENT ON VIEW pulse.visible_waves IS 'The waves of provinces that who reads is granted: what is of a wave and of no unit is its province''s';

-- A view of figures: the filter stands outside of everything the figures are made of, ranks and totals too, and no condition of the
-- reader that could tell what it looks at comes to rows behind it (security_barrier). whose: unit, province, wave: the column that says
-- whose a row is; unit or wave: rows without unit are the wave's; nobody: only who sees all sees any.
CREATE FUNCTION pulse.show_figures(view_name text, whose text, figures text) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    of_units text := ' OR f.%s IN (SELECT v.unit FROM pulse.visible_units v)';
    of_waves text := ' OR f.wave IN (SELECT v.wave FROM pulse.visible_waves v)';
BEGIN
    EXECUTE format('CREATE VIEW bi.%I WITH (security_barrier) AS SELECT f.* FROM (%s) f WHERE (SELECT r.sees_all FROM pulse.reader r)%s',
                   view_name, figures,
                   CASE whose WHEN 'unit' THEN format(of_units, 'unit') WHEN 'province' THEN format(of_units, 'province')
                              WHEN 'wave' THEN of_waves
                              WHEN 'unit or wave' THEN format(of_units, 'unit') || replace(of_waves, 'f.wave', 'f.unit IS NULL AND f.wave')
                              WHEN 'nobody' THEN '' END);
    EXECUTE format('GRANT SELECT ON bi.%I TO mooc_bi, mooc_writer', view_name);
END $$;
COMMENT ON FUNCTION pulse.show_figures IS 'Makes a view of schema bi that shows a login limited to units its own rows only';
REVOKE ALL ON FUNCTION pulse.show_figures FROM PUBLIC;

REVOKE ALL ON FUNCTION pulse.granted_login, pulse.units_of FROM PUBLIC;
GRANT EXECUTE ON FUNCTION pulse.granted_login, pulse.units_of TO mooc_bi, mooc_writer;
GRANT SELECT ON pulse.bi_grants, pulse.reader, pulse.visible_units, pulse.visible_waves TO mooc_writer;

COMMIT;
