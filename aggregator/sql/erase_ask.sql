INSERT INTO archive.erasures_asked (subject) SELECT unnest($1::uuid[]) ON CONFLICT DO NOTHING
