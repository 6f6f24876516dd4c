-- The codes and names of all units, those at the top of the tree first.
SELECT unit, unit_name FROM bi.units ORDER BY parent IS NOT NULL, print_order NULLS LAST, unit
