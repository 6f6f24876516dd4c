-- Of several values of one entity the highest counts, as everywhere. The first mark of a platform's sub-stream may turn counts that
-- were empty into zeros: tools that fetch only what is new are told.
WITH begun AS (
    UPDATE pulse.changed_all SET changed_at = clock_timestamp()
     WHERE 'gen_N' = (SELECT 'gen_' || l.generation FROM pulse.live l)
       AND EXISTS (SELECT FROM unnest($2::text[], $3::text[], $4::text[]) AS e (source, stream, substream)
                    WHERE e.stream NOT IN ('roster', 'totals', 'headcounts')
                      AND NOT EXISTS (SELECT FROM gen_N.marks m
                                       WHERE m.source = e.source AND m.stream = e.stream AND m.substream = e.substream
                                         AND m.stream NOT IN ('roster', 'totals', 'headcounts')))
)
INSERT INTO gen_N.marks AS m (entity, source, stream, substream, partition, through, records, dead, revision, data_hash, every_s)
SELECT DISTINCT ON (entity) *
  FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::integer[], $6::timestamptz[], $7::bigint[],
              $8::bigint[], $9::bigint[], $10::bigint[], $11::bigint[])
       AS e (entity, source, stream, substream, partition, through, records, dead, revision, data_hash, every_s)
 ORDER BY entity, revision DESC, data_hash DESC
    ON CONFLICT (entity) DO UPDATE
   SET source = EXCLUDED.source, stream = EXCLUDED.stream, substream = EXCLUDED.substream, partition = EXCLUDED.partition,
       through = EXCLUDED.through, records = EXCLUDED.records, dead = EXCLUDED.dead, revision = EXCLUDED.revision,
       data_hash = EXCLUDED.data_hash, every_s = EXCLUDED.every_s
 WHERE (EXCLUDED.revision, EXCLUDED.data_hash) > (m.revision, m.data_hash)
