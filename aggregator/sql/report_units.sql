-- $1: unit. Its name, and it with all below it by today's line of management: a unit that ended counts below the one that took its place.
WITH RECURSIVE line AS (
    SELECT unit, parent AS above FROM bi.units WHERE parent IS NOT NULL
    UNION
    SELECT unit, successor FROM bi.units WHERE successor IS NOT NULL AND valid_to < (SELECT today FROM bi.generation)
), below AS (
    SELECT unit FROM bi.units WHERE unit = $1 COLLATE "C"
    UNION
    SELECT l.unit FROM below b JOIN line l ON l.above = b.unit
)
SELECT (SELECT u.unit_name FROM bi.units u WHERE u.unit = $1 COLLATE "C"), (SELECT array_agg(unit ORDER BY unit)::text FROM below)
