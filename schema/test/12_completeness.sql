-- Every figure can be read with the instant through which it is complete; no data is not zero.
BEGIN;
\ir support/empty.psql
SELECT plan(18);

-- T is taught on p1 (course a) and p2 (course c), V on p1 (course b), N nowhere.
INSERT INTO pulse.trainings (config_version, training) SELECT 1, unnest(ARRAY['T', 'V', 'N']);
INSERT INTO pulse.waves VALUES (1, 'TW', 'T', NULL, NULL, false), (1, 'NW', 'N', NULL, NULL, false);
INSERT INTO pulse.courses VALUES (1, 'p1', 'a', 'T', ''), (1, 'p2', 'c', 'T', ''), (1, 'p1', 'b', 'V', '');
INSERT INTO pulse.units (unit, name, printed_name, kind, print_order) VALUES ('U', 'Đơn vị U', 'Đơn vị U', 'xa', 1), ('E', 'Đơn vị E', 'Đơn vị E', 'xa', 2);
DO 'BEGIN PERFORM pg_temp.labels_changed(); END';
INSERT INTO archive.offsets (topic, partition, next_offset, generation) SELECT 'mooc.events.v1', p, 10, 1 FROM generate_series(0, 1) p;
INSERT INTO pulse.offsets (generation, topic, partition, next_offset, writer_epoch, config_version, log_time)
SELECT 1, 'mooc.events.v1', p, 10, 1, 1, now() FROM generate_series(0, 1) p;

-- Lists came, nothing was swept yet: the people are known, what they did is not.
INSERT INTO gen_1.tallies VALUES ('wave', 'T', 'TW', 0, '', 'U', '', 5, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0), ('training', 'T', '', 0, '', 'U', '', 5, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0),
    ('wave', 'N', 'NW', 0, '', 'U', '', 7, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0), ('all', '', '', 0, '', 'U', '', 12, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
SELECT row_eq($$SELECT registered, accounts, participated, passed, not_passed, participation_rate, complete_through FROM bi.participation WHERE wave = 'TW'$$,
              ROW(5::bigint, NULL::bigint, NULL::bigint, NULL::bigint, NULL::bigint, NULL::numeric, NULL::timestamptz), 'no data is not zero');
SELECT row_eq($$SELECT registered, accounts FROM bi.participation_all$$, ROW(12::bigint, NULL::bigint), 'nor over all');
SELECT row_eq($$SELECT registered, accounts, passed FROM bi.unit_rollup WHERE wave = 'TW' AND tree = 'management' AND is_current$$,
              ROW(5::bigint, NULL::bigint, NULL::bigint), 'nor in a sum over units');
SELECT row_eq($$SELECT registered, sat, passed, average_score FROM bi.exam_results WHERE wave = 'TW'$$,
              ROW(5::bigint, NULL::bigint, NULL::bigint, NULL::numeric), 'nor at the exam');
SELECT results_eq($$SELECT training COLLATE "default", source COLLATE "default", stream COLLATE "default", complete_through FROM bi.training_freshness ORDER BY 1, 2$$,
                  $$VALUES ('T', 'p1', NULL, NULL::timestamptz), ('T', 'p2', NULL, NULL), ('V', 'p1', NULL, NULL)$$, 'no source has been swept');

-- Swept: a source's stream as a whole, and by course. The least over partitions, sub-streams, streams, platforms.
CREATE FUNCTION pg_temp.mark(source text, stream text, substream text, at_0 text, at_1 text) RETURNS void LANGUAGE sql AS $$
    INSERT INTO gen_1.marks
    SELECT gen_random_uuid(), source, stream, substream, p, ('2024-03-05 ' || t || '+07')::timestamptz, 1, 0, 1, 1
      FROM (VALUES (0, at_0), (1, at_1)) v (p, t) WHERE t IS NOT NULL$$;
SELECT pg_temp.mark('p1', 'accounts', '', '08:00', '12:00'), pg_temp.mark('p1', 'grades', 'a', '10:00', '09:00'),
       pg_temp.mark('p2', 'grades', 'c', '11:00', '10:30'), pg_temp.mark('p1', 'grades', 'b', '03:00', '04:00'),
       pg_temp.mark('roster', 'roster', 'TW', '01:00', '01:00');
SELECT row_eq($$SELECT registered, accounts, participated, not_passed, participation_rate, complete_through FROM bi.participation WHERE wave = 'TW'$$,
              ROW(5::bigint, 0::bigint, 0::bigint, 5::bigint, 0::numeric, '2024-03-05 08:00+07'::timestamptz),
              'swept and nobody there: zero, complete through the least; the other training''s course and the roster do not hold it back');
SELECT row_eq($$SELECT registered, accounts, complete_through FROM bi.participation WHERE wave = 'NW'$$,
              ROW(7::bigint, NULL::bigint, NULL::timestamptz), 'a training that no platform teaches is still without data');
SELECT results_eq($$SELECT training COLLATE "default", source COLLATE "default", stream COLLATE "default", complete_through, holds_back FROM bi.training_freshness ORDER BY 1, 2, 3$$,
                  $$VALUES ('T', 'p1', 'accounts', '2024-03-05 08:00+07'::timestamptz, true), ('T', 'p1', 'grades', '2024-03-05 09:00+07', false),
                           ('T', 'p2', 'grades', '2024-03-05 10:30+07', false), ('V', 'p1', 'accounts', '2024-03-05 08:00+07', false),
                           ('V', 'p1', 'grades', '2024-03-05 03:00+07', true)$$, 'which stream holds a training back');
SELECT is((SELECT complete_through FROM bi.participation_all), '2024-03-05 03:00+07'::timestamptz, 'over all: the least of the trainings');
INSERT INTO gen_1.tallies VALUES ('platform', 'T', '', 0, 'p1', 'U', '', 4, 3, 3, 3, 2, 1, 1, 1, 0, 1, 0), ('platform', 'T', '', 0, 'p2', 'U', '', 1, 1, 1, 1, 1, 1, 1, 1, 0, 1, 0),
    ('platform', 'T', '', 0, 'p2', 'E', '', 2, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0), ('platform', 'T', '', 0, 'p2', '', '', 0, 6, 6, 6, 6, 6, 6, 6, 0, 6, 6),
    ('course', 'T', '', 0, 'p2 c d', 'U', '', 1, 1, 1, 1, 1, 1, 1, 1, 0, 1, 0);
SELECT results_eq(
    $$SELECT platform COLLATE "default", registered, accounts, participated, passed, not_registered, pass_rate_participants, complete_through
        FROM bi.platform_status WHERE training = 'T' ORDER BY 1$$,
    $$VALUES ('p1', 4::bigint, 3::bigint, 2::bigint, 1::bigint, 0::bigint, 0.5::numeric, '2024-03-05 08:00+07'::timestamptz),
             ('p2', 3, 2, 2, 1, 6, 0.5, '2024-03-05 10:30+07')$$,
    'platforms by themselves, each complete through its own least; people on no roster apart');
SELECT row_eq($$SELECT platform COLLATE "default", course COLLATE "default", registered, passed, complete_through FROM bi.course_status WHERE training = 'T'$$,
              ROW('p2'::text, 'c d'::text, 1::bigint, 1::bigint, '2024-03-05 10:30+07'::timestamptz), 'courses apart');

-- A platform of the training that was never swept, or not in every partition.
INSERT INTO pulse.courses VALUES (1, 'p3', 'd', 'T', '');
SELECT is((SELECT complete_through FROM bi.participation WHERE wave = 'TW'), NULL::timestamptz, 'a platform never swept: complete through nothing');
SELECT is((SELECT participated FROM bi.participation WHERE wave = 'TW'), 0::bigint, 'but there is data');
SELECT row_eq($$SELECT source COLLATE "default", stream COLLATE "default", holds_back FROM bi.training_freshness WHERE training = 'T' AND holds_back$$,
              ROW('p3'::text, NULL::text, true), 'freshness says that it is this one');
SELECT pg_temp.mark('p3', 'grades', 'd', '12:00', NULL);
SELECT is((SELECT complete_through FROM bi.participation WHERE wave = 'TW'), NULL::timestamptz, 'nor while a partition has no mark');
SELECT pg_temp.mark('p3', 'grades', 'd', NULL, '07:00');
SELECT is((SELECT complete_through FROM bi.participation WHERE wave = 'TW'), '2024-03-05 07:00+07'::timestamptz, 'then it is the least');

-- Without any sweep, facts are data.
INSERT INTO gen_1.tallies VALUES ('training', 'N', '', 0, '', 'U', '', 7, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0);
SELECT row_eq($$SELECT registered, accounts, participated, complete_through FROM bi.participation WHERE wave = 'NW'$$,
              ROW(7::bigint, 0::bigint, 0::bigint, NULL::timestamptz), 'an account of the training is data');
SELECT is((SELECT count(*)::integer FROM bi.participation_training WHERE unit = 'E'), 0, 'a unit that sent nothing and was not planned has no row');

SELECT * FROM finish();
ROLLBACK;
