-- $1: wave, $2: a unit, or NULL for all. The wave's units with all below each, as the tree stands on the day of the figures; whether the
-- reference data has the unit.
SELECT r.unit, r.unit_name, r.level, r.registered, r.accounts, r.participated, r.completed, r.sat, r.passed, r.certified,
       EXISTS (SELECT FROM bi.units u WHERE u.unit = r.unit)
  FROM bi.unit_rollup r
 WHERE r.tree = 'management' AND r.is_current AND r.wave = $1 COLLATE "C"
   AND ($2::text IS NULL OR r.unit = $2 COLLATE "C"
        OR EXISTS (SELECT FROM pulse.unit_paths p JOIN pulse.tree_versions v USING (tree, version_from)
                    WHERE p.tree = 'management' AND (SELECT today FROM pulse.today) BETWEEN v.version_from AND v.version_to
                      AND p.unit = r.unit AND p.ancestor = $2 COLLATE "C"))
 ORDER BY r.unit
