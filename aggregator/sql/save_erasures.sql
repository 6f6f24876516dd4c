INSERT INTO archive.erasures (subject)
SELECT DISTINCT subject FROM unnest($1::uuid[]) AS e (subject)
    ON CONFLICT (subject) DO NOTHING
