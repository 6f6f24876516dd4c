-- What an export is compared with, and how months leave the archive and come back.
BEGIN;
\ir support/hagiang.psql
SELECT plan(35);

CREATE TEMPORARY TABLE figures_before ON COMMIT DROP AS SELECT * FROM bi.participation;
SELECT archive.ensure_month('2023-01-15Z'), archive.ensure_month('2023-02-15Z'), archive.ensure_month(now());
INSERT INTO archive.events (partition, "offset", log_time, id, value) VALUES
    (0, 12, '2023-01-01 00:00:00.000007Z', 'a', 'ab'),
    (0, 13, '2023-01-31 23:59:59.999999Z', 'b', NULL),
    (1, 0, '2023-01-31 23:59:59Z', NULL, NULL),
    (1, 1, '2023-02-01 00:00:00Z', 'c', '\xff00'),
    (0, 20, now(), 'd', 'd');

-- Worked out with sha256sum over the bytes that docs/archive-format.md names.
SELECT is(archive.record_hash(12, '1970-01-01 00:00:00.000007Z', 'a', 'ab'), ('x1274c4a525eb2e24')::bit(64)::bigint, 'the hash of a record');
SELECT is(archive.record_hash(12, '1970-01-01 00:00:00.000007Z', 'ab', NULL), ('x8dcad6bf4fae3873')::bit(64)::bigint, 'of one that was erased');
SELECT is(archive.record_hash(12, '1970-01-01 00:00:00.000007Z', NULL, NULL), ('x15d3219364380a68')::bit(64)::bigint, 'of one without a value');
SET LOCAL timezone = 'Asia/Ho_Chi_Minh';
SELECT is(archive.record_hash(12, '1970-01-01 00:00:00.000007Z', 'a', 'ab'), ('x1274c4a525eb2e24')::bit(64)::bigint, 'in any time zone');
SELECT results_eq($$ SELECT partition, rows, erased, first_offset, last_offset FROM archive.month_sums('2023-01-01') ORDER BY 1 $$,
                  $$ VALUES (0, 2::bigint, 1::bigint, 12::bigint, 13::bigint), (1, 1, 0, 0, 0) $$, 'sums of a month, which is one of UTC');
SELECT is((SELECT hash FROM archive.month_sums('2023-01-01') WHERE partition = 0),
          archive.record_hash(12, '2023-01-01 00:00:00.000007Z', 'a', 'ab')
          # archive.record_hash(13, '2023-01-31 23:59:59.999999Z', 'b', NULL), 'the hash of a month is the exclusive or of its rows');

SET LOCAL ROLE mooc_writer;
SELECT is(archive.own_identity(), archive.own_identity(), 'an archive has one identity');
SELECT ok(archive.adopt_identity(archive.own_identity()), 'it may adopt its own');
SELECT ok(NOT archive.adopt_identity('00000000-0000-0000-0000-000000000001'), 'and no other');

SELECT results_eq($$ SELECT * FROM archive.note_export('2023-01-01', '/e', '{0,2}', '{2,1}', '{0,0}') $$,
                  $$ VALUES (0, 2::bigint, 2::bigint), (1, 0, 1), (2, 1, 0) $$, 'an export that differs: where');
SELECT is((SELECT count(*)::integer FROM archive.exports), 0, 'is not noted');
SELECT throws_like($$ SELECT archive.detach_month('2023-01-01', false) $$, 'no export of month 2023-01 was checked%', 'and frees nothing');
SELECT is_empty($$ SELECT n.* FROM (SELECT array_agg(partition ORDER BY partition) AS p, array_agg(rows ORDER BY partition) AS r,
                                           array_agg(hash ORDER BY partition) AS h FROM archive.month_sums('2023-01-01')) s,
                                   archive.note_export('2023-01-01', '/e', p, r, h) n $$, 'an export that is equal');
SELECT results_eq($$ SELECT partition, rows, erased, first_offset, last_offset FROM archive.exports WHERE folder = '/e' ORDER BY 1 $$,
                  $$ VALUES (0, 2::bigint, 1::bigint, 12::bigint, 13::bigint), (1, 1, 0, 0, 0) $$, 'is noted');
SELECT throws_ok($$ INSERT INTO archive.exports VALUES ('2023-02-01', 1, '/e', 1, 0, 1, 1, 0) $$, '42501', NULL, 'by nobody else');
SELECT throws_ok($$ DELETE FROM archive.detached $$, '42501', NULL, 'what was detached cannot be forgotten');
SELECT throws_ok($$ DELETE FROM archive.events $$, '42501', NULL, 'no row can be removed');
SELECT throws_ok($$ SELECT archive.detach_table('events_2023_01') $$, '42501', NULL, 'nor a partition without the checks');

SELECT throws_like($$ SELECT archive.detach_month(date_trunc('month', now() AT TIME ZONE 'UTC')::date, false) $$, '%is not over yet (in UTC)', 'this month stays');
SELECT throws_like($$ SELECT archive.detach_month('2023-01-02', false) $$, '%is not over yet (in UTC)', 'a month begins on its first');
SELECT throws_like($$ SELECT archive.detach_month('2022-12-01', false) $$, 'the archive has no month 2022-12', 'one that is not there');
SELECT is(archive.detach_month('2023-01-01', false), 3::bigint, 'a month goes');
SELECT results_eq($$ SELECT partition, "offset" FROM archive.events ORDER BY 1, 2 $$, $$ VALUES (0, 20::bigint), (1, 1) $$, 'the others stay');
SELECT is((SELECT count(*)::integer FROM archive.detached_2023_01), 3, 'its table is kept');
SELECT results_eq($$ SELECT partition, rows, first_offset, last_offset, table_name FROM archive.detached ORDER BY 1 $$,
                  $$ VALUES (0, 2::bigint, 12::bigint, 13::bigint, 'detached_2023_01' COLLATE "C"), (1, 1, 0, 0, 'detached_2023_01') $$,
                  'and what it holds is known');
SELECT throws_like($$ SELECT archive.detach_month('2023-01-01', true) $$, 'month 2023-01 was detached before%', 'it goes once');
RESET ROLE;
SELECT is((SELECT sum(registered)::integer FROM bi.participation), 2716, 'the figures stay');
SELECT set_eq('SELECT * FROM bi.participation', 'SELECT * FROM figures_before', 'all of them');
SELECT archive.ensure_month('2023-01-20Z');
SET LOCAL ROLE mooc_writer;
INSERT INTO archive.events (partition, "offset", log_time) VALUES (0, 30, '2023-01-20Z');
SELECT is(archive.attach_month('2023-01-01'), 3::bigint, 'it comes back');
SELECT is((SELECT count(*)::integer FROM archive.events WHERE log_time < '2023-02-01Z'), 4, 'with a record that came late');
SELECT is((SELECT count(*)::integer FROM archive.detached), 0, 'nothing is missing');
SELECT is((SELECT count(*)::integer FROM pg_constraint WHERE conrelid = 'archive.events_2023_01'::regclass AND contype = 'c'), 0,
          'and nothing is left of how it came');
SELECT throws_like($$ SELECT archive.attach_month('2023-01-01') $$, 'no table of month 2023-01 was kept: it was not detached', 'once');
SELECT throws_like($$ SELECT archive.claim_import(archive.own_identity(), 't', '{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}') $$,
                   'this database has an archive already%', 'an import goes into an empty archive only');

SELECT pulse.note_sizes();
SELECT set_eq($$ SELECT part FROM pulse.sizes WHERE bytes > 0 $$, ARRAY['database', 'archive', 'generation 1'], 'sizes are noted');
SELECT * FROM finish();
ROLLBACK;
