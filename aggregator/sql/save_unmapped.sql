INSERT INTO gen_N.unmapped (kind, source, code)
SELECT * FROM unnest($1::text[], $2::text[], $3::text[])
    ON CONFLICT DO NOTHING
