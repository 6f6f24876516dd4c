-- $1: unit. All units below it by today's line of management, as a report of it has them; in the order of strcmp.
WITH RECURSIVE line AS (
    SELECT unit, parent AS above FROM bi.units WHERE parent IS NOT NULL
    UNION
    SELECT unit, successor FROM bi.units WHERE successor IS NOT NULL AND valid_to < (SELECT today FROM bi.generation)
), below AS (
    SELECT l.unit FROM line l WHERE l.above = $1 COLLATE "C"
    UNION
    SELECT l.unit FROM below b JOIN line l ON l.above = b.unit
)
SELECT unit FROM below WHERE unit <> $1 COLLATE "C" ORDER BY unit COLLATE "C"
