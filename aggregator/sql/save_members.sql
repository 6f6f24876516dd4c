INSERT INTO gen_N.members AS m (subject, person)
SELECT * FROM unnest($1::uuid[], $2::uuid[])
    ON CONFLICT (subject) DO UPDATE SET person = EXCLUDED.person
