-- $1: unit. Its name, and it with all below it by the line of management of the day of the figures: a unit that ended counts below the one that took its place.
WITH RECURSIVE line AS (
    -- Who ended stands under its one heir alone; who was split, or has none, stays under its last unit above.
    SELECT unit, CASE WHEN valid_to < (SELECT today FROM bi.generation) AND successor NOT LIKE '% | %' THEN successor ELSE parent END AS above
      FROM bi.units
), below AS (
    SELECT unit FROM bi.units WHERE unit = $1 COLLATE "C"
    UNION
    SELECT l.unit FROM below b JOIN line l ON l.above = b.unit
)
SELECT (SELECT u.unit_name FROM bi.units u WHERE u.unit = $1 COLLATE "C"), (SELECT array_agg(unit ORDER BY unit)::text FROM below)
