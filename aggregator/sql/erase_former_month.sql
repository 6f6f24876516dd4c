INSERT INTO pg_temp.erase_former SELECT * FROM archive.former_identities($1::regclass, $2::integer)
