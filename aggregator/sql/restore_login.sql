-- With the units of the backup, whichever of the two was restored first.
SELECT pulse.add_bi_login($1, $2, ARRAY(SELECT g.unit FROM pulse.bi_grants g WHERE g.login = $1))
