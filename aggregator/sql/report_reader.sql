-- $1: unit or NULL. The units that the login is limited to, with commas between them (NULL: it sees all), whether $1 is one of them or
-- below one, and whether the login is that of a BI tool, which prints reports and may do nothing else.
SELECT reader_units,
       $1::text IS NULL
           OR EXISTS (SELECT FROM string_to_table(reader_units, ',') r CROSS JOIN bi.units_within(r) w WHERE w.unit = $1 COLLATE "C"),
       pg_has_role('mooc_bi', 'MEMBER') AND NOT pg_has_role('mooc_writer', 'MEMBER')
  FROM bi.generation
