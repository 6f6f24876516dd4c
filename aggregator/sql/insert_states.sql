INSERT INTO gen_N.states (subject, training, facts)
SELECT * FROM unnest($1::uuid[], $2::text[], $3::bytea[])
