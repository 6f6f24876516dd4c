-- Deploy mooc_pulse:labels to pg
-- What is derived from labels, made anew when they change: working days by number, and under which units people count in each version
-- of a tree. The views join them instead of walking.
BEGIN;
SET LOCAL ROLE mooc_owner;

-- A year is covered if the calendar lists any of its days.
CREATE FUNCTION pulse.rebuild_working_days() RETURNS void LANGUAGE sql AS $$
DELETE FROM pulse.working_days;
INSERT INTO pulse.working_days (day, number)
SELECT day, count(*) FILTER (WHERE (extract(isodow FROM day) < 6 AND c.kind IS DISTINCT FROM 'holiday') OR c.kind = 'working_saturday')
           OVER (ORDER BY day)
  FROM (SELECT DISTINCT extract(year FROM day)::integer AS year FROM pulse.calendar) covered
 CROSS JOIN LATERAL (SELECT generate_series(make_date(year, 1, 1), make_date(year, 12, 31), '1 day')::date AS day) days
  LEFT JOIN pulse.calendar c USING (day);
$$;
COMMENT ON FUNCTION pulse.rebuild_working_days IS 'Makes pulse.working_days from pulse.calendar';

-- A tree is one from each day on which a line or a unit begins, or one has ended.
CREATE FUNCTION pulse.rebuild_tree_versions() RETURNS void LANGUAGE sql AS $$
DELETE FROM pulse.tree_versions;
INSERT INTO pulse.tree_versions (tree, version_from, version_to)
SELECT tree, day, coalesce(lead(day) OVER (PARTITION BY tree ORDER BY day) - 1, 'infinity')
  FROM (SELECT tree, '-infinity'::date AS day FROM (VALUES ('management'), ('territory')) t (tree)
        UNION SELECT tree, valid_from FROM pulse.unit_lines
        UNION SELECT tree, valid_to + 1 FROM pulse.unit_lines WHERE valid_to <> 'infinity'
        UNION SELECT tree, valid_from FROM pulse.units, (VALUES ('management'), ('territory')) t (tree) WHERE valid_from IS NOT NULL
        UNION SELECT tree, valid_to + 1 FROM pulse.units, (VALUES ('management'), ('territory')) t (tree)
               WHERE valid_to <> 'infinity') days;
$$;
COMMENT ON FUNCTION pulse.rebuild_tree_versions IS 'Makes pulse.tree_versions from the periods of units and lines';

CREATE FUNCTION pulse.add_unit_paths(of_tree text, on_day date) RETURNS void LANGUAGE sql AS $$
WITH RECURSIVE ended AS (
    -- Who was split has no heir: its people go nowhere by themselves.
    SELECT u.unit, CASE WHEN count(s.successor) = 1 THEN min(s.successor) END AS heir
      FROM pulse.units u LEFT JOIN pulse.unit_successors s USING (unit)
     WHERE u.valid_to < on_day
     GROUP BY u.unit
), place AS (
    SELECT unit, unit AS at, 0 AS hops FROM pulse.units
    UNION ALL
    SELECT p.unit, e.heir, p.hops + 1 FROM place p JOIN ended e ON e.unit = p.at WHERE e.heir IS NOT NULL AND p.hops < 16
), placed AS (
    SELECT DISTINCT ON (unit) unit, at FROM place ORDER BY unit, hops DESC
), line AS (
    -- The line of that day; of a unit that ended its last one, of one to come its first.
    SELECT DISTINCT ON (unit) unit, above
      FROM pulse.unit_lines
     WHERE tree = of_tree
     ORDER BY unit, (valid_from <= on_day) DESC, CASE WHEN valid_from <= on_day THEN valid_from END DESC NULLS LAST, valid_from
), up AS (
    SELECT l.unit, p.at AS above, e.unit IS NULL AS alive
      FROM line l JOIN placed p ON p.unit = l.above LEFT JOIN ended e ON e.unit = p.at
     WHERE p.at <> l.unit
), walk AS (
    SELECT unit, at, 0 AS distance, 0 AS steps, true AS counts FROM placed
    UNION ALL
    SELECT w.unit, u.above, w.distance + u.alive::integer, w.steps + 1, u.alive
      FROM walk w JOIN up u ON u.unit = w.at
     WHERE w.steps < 32
)
INSERT INTO pulse.unit_paths (tree, version_from, ancestor, unit, distance)
SELECT of_tree, on_day, at, unit, min(distance) FROM walk WHERE counts GROUP BY at, unit;
$$;
COMMENT ON FUNCTION pulse.add_unit_paths IS 'Adds to pulse.unit_paths one version of a tree, by the day on which it begins';

CREATE FUNCTION pulse.rebuild_unit_paths() RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pulse.rebuild_tree_versions();
    DELETE FROM pulse.unit_paths;
    PERFORM pulse.add_unit_paths(tree, version_from) FROM pulse.tree_versions;
    DELETE FROM pulse.unit_path_names;
    INSERT INTO pulse.unit_path_names (version_from, unit, path)
    SELECT p.version_from, p.unit, string_agg(a.name, ' › ' ORDER BY p.distance DESC, a.unit)
      FROM pulse.unit_paths p JOIN pulse.units a ON a.unit = p.ancestor
     WHERE p.tree = 'management' GROUP BY p.version_from, p.unit;
END $$;
COMMENT ON FUNCTION pulse.rebuild_unit_paths IS 'Makes pulse.tree_versions, unit_paths and unit_path_names from units, successors and lines';

REVOKE ALL ON FUNCTION pulse.rebuild_working_days, pulse.rebuild_tree_versions, pulse.add_unit_paths, pulse.rebuild_unit_paths FROM PUBLIC;
GRANT EXECUTE ON FUNCTION pulse.rebuild_working_days, pulse.rebuild_tree_versions, pulse.add_unit_paths, pulse.rebuild_unit_paths
    TO mooc_writer;

COMMIT;
