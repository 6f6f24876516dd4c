-- Of several values of one entity the highest counts, as everywhere.
INSERT INTO gen_N.dead_letters AS d (entity, in_force, source, reason, detail, stream, wave, unit, file, sheet, row_number,
                                     topic, partition, "offset", revision, data_hash)
SELECT DISTINCT ON (entity) *
  FROM unnest($1::uuid[], $2::boolean[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[],
              $9::text[], $10::text[], $11::bigint[], $12::text[], $13::integer[], $14::bigint[], $15::bigint[],
              $16::bigint[])
       AS e (entity, in_force, source, reason, detail, stream, wave, unit, file, sheet, row_number,
             topic, partition, "offset", revision, data_hash)
 ORDER BY entity, revision DESC, data_hash DESC, row_number DESC
    ON CONFLICT (entity) DO UPDATE
   SET in_force = EXCLUDED.in_force, source = EXCLUDED.source, reason = EXCLUDED.reason, detail = EXCLUDED.detail,
       stream = EXCLUDED.stream, wave = EXCLUDED.wave, unit = EXCLUDED.unit, file = EXCLUDED.file, sheet = EXCLUDED.sheet,
       row_number = EXCLUDED.row_number, topic = EXCLUDED.topic, partition = EXCLUDED.partition,
       "offset" = EXCLUDED."offset", revision = EXCLUDED.revision, data_hash = EXCLUDED.data_hash
 WHERE (EXCLUDED.revision, EXCLUDED.data_hash, EXCLUDED.row_number) > (d.revision, d.data_hash, d.row_number)
