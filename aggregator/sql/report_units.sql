-- $1: unit. Its name, and it with all below it: a unit that ended counts below the one that took its place.
SELECT (SELECT u.unit_name FROM bi.units u WHERE u.unit = $1 COLLATE "C"), (SELECT array_agg(unit ORDER BY unit)::text FROM bi.units_within($1))
