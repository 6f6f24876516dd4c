INSERT INTO gen_N.issues AS i (kind, subject, wave, unit, name, source, file, sheet, row_number)
SELECT * FROM unnest($1::text[], $2::uuid[], $3::text[], $4::text[], $5::bigint[], $6::text[], $7::text[], $8::text[],
                     $9::bigint[])
    ON CONFLICT (kind, subject, wave, unit) DO UPDATE
   SET name = EXCLUDED.name, source = EXCLUDED.source, file = EXCLUDED.file, sheet = EXCLUDED.sheet,
       row_number = EXCLUDED.row_number
