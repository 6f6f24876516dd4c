-- A stream is complete through the least of its marks, and through nothing while a partition lacks one.
BEGIN;
\ir support/hagiang.psql
SELECT plan(9);

INSERT INTO archive.offsets (topic, partition, next_offset, generation)
SELECT 'mooc.events.v1', p, 10, 1 FROM generate_series(0, 2) p;
INSERT INTO pulse.offsets (generation, topic, partition, next_offset, writer_epoch, config_version, log_time)
SELECT 1, 'mooc.events.v1', p, 10, 1, 1, timestamptz '2023-09-29 10:00:00Z' + p * interval '1 minute' FROM generate_series(0, 2) p;
INSERT INTO pulse.offsets (generation, topic, partition, next_offset, writer_epoch, config_version, log_time)
VALUES (1, 'mooc.dead.v1', 0, 5, 1, 1, '2023-09-30 00:00:00Z');

CREATE FUNCTION pg_temp.mark(stream text, substream text, partition integer, through timestamptz) RETURNS void LANGUAGE sql AS $$
    INSERT INTO gen_1.marks VALUES (gen_random_uuid(), 'daotao', stream, substream, partition, through, 2287, 3, 1, 1)$$;
SELECT pg_temp.mark('enrollments', '', p, timestamptz '2023-09-29 09:00:00Z' + p * interval '1 second') FROM generate_series(0, 2) p;
SELECT pg_temp.mark('grades', 'course-a', p, '2023-09-29 09:30:00Z') FROM generate_series(0, 2) p;
SELECT pg_temp.mark('grades', 'course-b', p, '2023-09-29 08:00:00Z') FROM generate_series(0, 2) p;
SELECT pg_temp.mark('certificates', '', p, '2023-09-29 09:00:00Z') FROM generate_series(0, 1) p;

SELECT is((SELECT complete_through FROM bi.freshness WHERE stream = 'enrollments'), '2023-09-29 09:00:00Z'::timestamptz,
          'the least over partitions');
SELECT is((SELECT complete_through FROM bi.freshness WHERE stream = 'grades'), '2023-09-29 08:00:00Z'::timestamptz,
          'the least over sub-streams');
SELECT row_eq($$SELECT complete_through, age, substreams, substreams_complete FROM bi.freshness WHERE stream = 'certificates'$$,
              ROW(NULL::timestamptz, NULL::interval, 1::bigint, 0::bigint), 'a partition without a mark: complete through nothing');
SELECT is((SELECT folded_through FROM bi.freshness WHERE stream = 'grades'), '2023-09-29 10:02:00Z'::timestamptz,
          'the newest record of the events topic');
SELECT is((SELECT age FROM bi.freshness WHERE stream = 'enrollments'), now() - timestamptz '2023-09-29 09:00:00Z', 'age is since then');
SELECT row_eq($$SELECT records, rejected_records FROM bi.freshness WHERE stream = 'grades'$$, ROW(4574::bigint, 6::bigint),
              'records are summed over sub-streams, not over partitions');
SELECT is((SELECT count(*)::integer FROM bi.freshness), 3, 'a row per source and stream');
-- One partition has the newer mark already.
UPDATE gen_1.marks SET every_s = 86400 WHERE stream = 'certificates' AND partition = 1;
SELECT results_eq($$SELECT stream, max(every_s) FROM pulse.substreams GROUP BY stream ORDER BY stream$$,
                  $$VALUES ('certificates' COLLATE "C", 86400::bigint), ('enrollments', 0), ('grades', 0)$$, 'how often each is read, as its marks say');

DELETE FROM pulse.offsets;
SELECT is((SELECT count(*)::integer FROM bi.freshness), 3, 'also before the first batch');

SELECT * FROM finish();
ROLLBACK;
