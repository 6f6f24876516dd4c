-- $1: unit, $2: instant. It with all below it by the line of management of that day, as people count for targets.
SELECT p.unit
  FROM pulse.tree_versions v JOIN pulse.unit_paths p ON p.tree = v.tree AND p.version_from = v.version_from
 WHERE v.tree = 'management' AND ($2::timestamptz AT TIME ZONE 'Asia/Ho_Chi_Minh')::date BETWEEN v.version_from AND v.version_to
   AND p.ancestor = $1 COLLATE "C"
UNION
SELECT $1 COLLATE "C"
