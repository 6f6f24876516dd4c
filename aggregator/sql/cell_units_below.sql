-- $1: unit. All units below it by the line of management of the day of the figures, as a report of it has them; in the order of strcmp.
WITH RECURSIVE line AS (
    -- Who ended stands under its one heir alone; who was split, or has none, stays under its last unit above.
    SELECT unit, CASE WHEN valid_to < (SELECT today FROM bi.generation) AND successor NOT LIKE '% | %' THEN successor ELSE parent END AS above
      FROM bi.units
), below AS (
    SELECT l.unit FROM line l WHERE l.above = $1 COLLATE "C"
    UNION
    SELECT l.unit FROM below b JOIN line l ON l.above = b.unit
)
SELECT unit FROM below WHERE unit <> $1 COLLATE "C" ORDER BY unit COLLATE "C"
