INSERT INTO gen_N.carriers AS c (identifier, subject, on_roster, name, citizen)
SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::boolean[], $4::bigint[], $5::uuid[])
    ON CONFLICT (identifier, subject) DO UPDATE
   SET on_roster = EXCLUDED.on_roster, name = EXCLUDED.name, citizen = EXCLUDED.citizen
 WHERE (c.on_roster, c.name, c.citizen) IS DISTINCT FROM (EXCLUDED.on_roster, EXCLUDED.name, EXCLUDED.citizen)
