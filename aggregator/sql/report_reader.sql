-- $1: unit or NULL. The units that the login is limited to, with commas between them (NULL: it sees all), whether $1 is one of them or
-- below one, and whether the login is that of a BI tool, which prints reports and may do nothing else.
WITH RECURSIVE reader AS (
    SELECT reader_units FROM bi.generation
), line AS (
    -- Who ended stands under its one heir alone; who was split, or has none, stays under its last unit above.
    SELECT unit, CASE WHEN valid_to < (SELECT today FROM bi.generation) AND successor NOT LIKE '% | %' THEN successor ELSE parent END AS above
      FROM bi.units
), seen AS (
    SELECT unit COLLATE "C" AS unit FROM reader, string_to_table(reader_units, ',') unit
    UNION
    SELECT l.unit FROM seen s JOIN line l ON l.above = s.unit
)
SELECT reader_units, $1::text IS NULL OR EXISTS (SELECT FROM seen WHERE unit = $1 COLLATE "C"),
       pg_has_role('mooc_bi', 'MEMBER') AND NOT pg_has_role('mooc_writer', 'MEMBER')
  FROM reader
