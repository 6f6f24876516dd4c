-- $1: unit. All units below it, as a report of it has them; in the order of strcmp.
SELECT unit FROM bi.units_within($1) WHERE unit <> $1 COLLATE "C" ORDER BY unit COLLATE "C"
