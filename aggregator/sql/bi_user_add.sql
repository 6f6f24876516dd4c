-- $3: codes of units, with commas between them; NULL: all.
SELECT pulse.add_bi_login($1, $2, ARRAY(SELECT trim(u) FROM string_to_table($3, ',') u))
