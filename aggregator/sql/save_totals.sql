-- Of several values of one entity the highest counts, as everywhere.
INSERT INTO gen_N.totals AS t (entity, wave, in_force, registered, passed, source, event_time, file, sheet, row_number,
                               revision, data_hash)
SELECT DISTINCT ON (entity) *
  FROM unnest($1::uuid[], $2::text[], $3::boolean[], $4::bigint[], $5::bigint[], $6::text[], $7::timestamptz[],
              $8::text[], $9::text[], $10::bigint[], $11::bigint[], $12::bigint[])
       AS e (entity, wave, in_force, registered, passed, source, event_time, file, sheet, row_number, revision, data_hash)
 ORDER BY entity, revision DESC, data_hash DESC, event_time DESC, row_number DESC
    ON CONFLICT (entity) DO UPDATE
   SET wave = EXCLUDED.wave, in_force = EXCLUDED.in_force, registered = EXCLUDED.registered, passed = EXCLUDED.passed,
       source = EXCLUDED.source, event_time = EXCLUDED.event_time, file = EXCLUDED.file, sheet = EXCLUDED.sheet,
       row_number = EXCLUDED.row_number, revision = EXCLUDED.revision, data_hash = EXCLUDED.data_hash
 WHERE (EXCLUDED.revision, EXCLUDED.data_hash, EXCLUDED.event_time, EXCLUDED.row_number)
     > (t.revision, t.data_hash, t.event_time, t.row_number)
