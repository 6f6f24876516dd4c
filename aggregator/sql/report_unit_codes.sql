-- The codes of units, those at the top of the tree first: as many as a message holds.
SELECT string_agg(unit, ', ' ORDER BY n), max(all_units)
  FROM (SELECT unit, count(*) OVER () AS all_units,
               row_number() OVER (ORDER BY parent IS NOT NULL, print_order NULLS LAST, unit) AS n
          FROM bi.units) u
 WHERE n <= 40
