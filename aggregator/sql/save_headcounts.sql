-- Of several values of one entity the highest counts, as everywhere.
INSERT INTO gen_N.headcounts AS h (entity, in_force, wave, unit, activity, day, audiences, people, source, event_time, file, sheet,
                                   row_number, revision, data_hash)
SELECT DISTINCT ON (entity) entity, in_force, wave, unit, activity, day, audiences::text[], people, source, event_time, file, sheet, row_number, revision,
       data_hash
  FROM unnest($1::uuid[], $2::boolean[], $3::text[], $4::text[], $5::text[], $6::date[], $7::text[], $8::bigint[], $9::text[],
              $10::timestamptz[], $11::text[], $12::text[], $13::bigint[], $14::bigint[], $15::bigint[])
       AS e (entity, in_force, wave, unit, activity, day, audiences, people, source, event_time, file, sheet, row_number, revision,
             data_hash)
 ORDER BY entity, revision DESC, data_hash DESC, event_time DESC, row_number DESC
    ON CONFLICT (entity) DO UPDATE
   SET in_force = EXCLUDED.in_force, wave = EXCLUDED.wave, unit = EXCLUDED.unit, activity = EXCLUDED.activity, day = EXCLUDED.day,
       audiences = EXCLUDED.audiences, people = EXCLUDED.people, source = EXCLUDED.source, event_time = EXCLUDED.event_time,
       file = EXCLUDED.file, sheet = EXCLUDED.sheet, row_number = EXCLUDED.row_number, revision = EXCLUDED.revision,
       data_hash = EXCLUDED.data_hash
 WHERE (EXCLUDED.revision, EXCLUDED.data_hash, EXCLUDED.event_time, EXCLUDED.row_number)
     > (h.revision, h.data_hash, h.event_time, h.row_number)
