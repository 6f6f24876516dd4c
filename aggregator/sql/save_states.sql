INSERT INTO gen_N.states AS s (subject, training, facts)
SELECT * FROM unnest($1::uuid[], $2::text[], $3::bytea[])
    ON CONFLICT (subject, training) DO UPDATE SET facts = EXCLUDED.facts
