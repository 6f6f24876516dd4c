-- Rows of erased learners lose all but place, time and id; nobody else's row can be touched, and by nobody else.
BEGIN;
SELECT plan(28);

SELECT archive.ensure_month('2026-03-05 00:00+00');
SELECT archive.ensure_month('2026-04-05 00:00+00');
CREATE TEMPORARY TABLE who ON COMMIT DROP AS
SELECT '00000000-0000-0000-0000-00000000000a'::uuid AS gone, '00000000-0000-0000-0000-00000000000b'::uuid AS stays,
       '00000000-0000-0000-0000-00000000000c'::uuid AS link;
INSERT INTO archive.events (partition, "offset", log_time, id, type, source, subject, entity, revision, previous, event_time, data_hash, value)
SELECT 0, row_number() OVER (), at::timestamptz, 'id' || row_number() OVER (), type, 's', subject, entity, 1, 0, at::timestamptz, 1, 'v'
  FROM who, LATERAL (VALUES
    ('2026-03-01 00:00+00', 'roster.listed',   gone,  '00000000-0000-0000-0000-000000000001'::uuid),
    ('2026-03-31 23:59+00', 'roster.listed',   stays, '00000000-0000-0000-0000-000000000002'::uuid),
    ('2026-04-01 00:00+00', 'exam.graded',     gone,  '00000000-0000-0000-0000-000000000003'::uuid),
    ('2026-03-02 00:00+00', 'identity.linked', NULL,  link),
    ('2026-03-02 00:00+00', 'identity.linked', NULL,  stays),
    ('2026-03-02 00:00+00', 'roster.listed',   stays, gone),
    ('2026-03-03 00:00+00', 'learner.erased',  gone,  '00000000-0000-0000-0000-000000000004'::uuid),
    ('2026-03-04 00:00+00', NULL,              NULL,  NULL)) AS rows (at, type, subject, entity);

-- A month that only an export holds has no table.
INSERT INTO archive.detached (month, partition, rows, erased, hash, table_name) VALUES ('2026-01-01', 0, 9, 0, 1, NULL);

SELECT is(archive.blank_erased('archive.events_2026_03'), 0::bigint, 'nobody is erased: nothing is blank');
SET LOCAL ROLE mooc_writer;
INSERT INTO archive.erasures (subject) VALUES ('00000000-0000-0000-0000-00000000000a'), ('00000000-0000-0000-0000-00000000000c');
SELECT is(archive.blank_erased('archive.events_2026_03'), 2::bigint, 'of a month: a row by its learner, a link by its entity');
SELECT is((SELECT count(*)::integer FROM archive.events WHERE value IS NULL), 2, 'that month only');
SELECT is(archive.blank_erased('archive.events_2026_04'), 1::bigint, 'of the next month');
SELECT is(archive.blank_erased('archive.events_2026_04'), 0::bigint, 'once');
SELECT results_eq(
    $$SELECT id COLLATE "default" FROM archive.events WHERE value IS NULL ORDER BY id$$, ARRAY['id1', 'id3', 'id4'], 'those three');
SELECT is_empty(
    $$SELECT id FROM archive.events
       WHERE value IS NULL AND (partition <> 0 OR "offset" IS NULL OR log_time IS NULL
          OR num_nonnulls(type, source, subject, entity, revision, previous, event_time, data_hash) > 0)$$,
    'they keep partition, offset, time and id, and nothing else');
SELECT is((SELECT count(*)::integer FROM archive.events WHERE convert_from(value, 'UTF8') = 'v' AND id IN ('id2', 'id5', 'id6', 'id7', 'id8')), 5,
          'others, who stand in an entity only, the erasure itself and what could not be read stay');
SELECT is((SELECT subject FROM archive.events WHERE type = 'learner.erased'), '00000000-0000-0000-0000-00000000000a', 'the erasure names its hash');
SELECT lives_ok($$INSERT INTO archive.erasures_asked (subject) VALUES ('00000000-0000-0000-0000-00000000000a'),
                                                                      ('00000000-0000-0000-0000-00000000000d')$$, 'the writer notes who was handed over');
SELECT lives_ok($$SELECT archive.erasures_blanked('{00000000-0000-0000-0000-00000000000a}')$$, 'the writer notes what was gone through');
SELECT results_eq('SELECT subject::text FROM archive.erasures WHERE blanked_at IS NULL', ARRAY['00000000-0000-0000-0000-00000000000c'],
                  'of those only');
SELECT results_eq('SELECT subject::text FROM archive.erasures_asked', ARRAY['00000000-0000-0000-0000-00000000000d'], 'who is not counted stays asked for');
SELECT throws_ok($$DELETE FROM archive.erasures_asked$$, '42501', NULL, 'and nobody forgets it by hand');

-- A month that was detached and kept.
RESET ROLE;
CREATE TABLE archive.detached_2026_02 (LIKE archive.events);
ALTER TABLE archive.detached_2026_02 OWNER TO mooc_owner;
INSERT INTO archive.detached_2026_02
SELECT partition, "offset", '2026-02-01 00:00+00', 'f' || "offset", type, 's', subject, entity, 1, 0, '2026-02-01 00:00+00', 1, convert_to(value, 'UTF8')
  FROM who, LATERAL (VALUES
    (0, 0, 'roster.listed',   gone,  '00000000-0000-0000-0000-000000000001'::uuid, '{"data":{"identifiers":["email:a"],"name":"name:x"}}'),
    (0, 1, 'roster.listed',   stays, '00000000-0000-0000-0000-000000000002'::uuid, '{"data":{"identifiers":["email:b","phone:b"],"name":"name:x"}}'),
    (1, 0, 'roster.removed',  stays, '00000000-0000-0000-0000-000000000002'::uuid, '{"data":{"wave":"W","unit":"U"}}'),
    (1, 1, 'roster.listed',   '00000000-0000-0000-0000-00000000000e'::uuid, '00000000-0000-0000-0000-000000000005'::uuid,
                              '{"data":{"identifiers":["email:b"],"name":"name:x"}}'),
    (1, 2, 'exam.graded',     stays, '00000000-0000-0000-0000-000000000006'::uuid, '{"data":{"identifiers":["email:no"]}}'),
    (1, 3, 'account.created', NULL,  stays, '{"data":{"identifiers":"none"}}'),
    (1, 4, NULL,              NULL,  NULL, 'no JSON')) AS rows (partition, "offset", type, subject, entity, value);
INSERT INTO archive.detached (month, partition, rows, erased, hash, table_name) VALUES
    ('2026-02-01', 0, 2, 0, 1, 'detached_2026_02'), ('2026-02-01', 1, 5, 0, 1, 'detached_2026_02');
INSERT INTO gen_1.carriers (identifier, subject, on_roster, name) VALUES
    ('00000000-0000-0000-0000-0000000000aa', '00000000-0000-0000-0000-00000000000e', true, 1);
SET LOCAL ROLE mooc_writer;
SELECT results_eq(
    $$SELECT subject::text, identifier, name FROM archive.former_identities('archive.detached_2026_02', 1) ORDER BY 2$$,
    $$SELECT '00000000-0000-0000-0000-00000000000b', encode(substr(sha256(i), 1, 16), 'hex')::uuid,
             ('x' || encode(substr(sha256('name:x'), 1, 8), 'hex'))::bit(64)::bigint
        FROM unnest(ARRAY['email:b'::bytea, 'phone:b']) AS i ORDER BY 2$$,
    'named by records, neither erased nor in force: every identifier under its name');
SELECT throws_like($$SELECT archive.former_identities('archive.offsets', 1)$$, '%no month%', 'of no other table');
SELECT is(archive.blank_erased('archive.detached_2026_02'), 1::bigint, 'of a month that was detached and kept');
RESET ROLE;
SELECT results_eq(
    $$SELECT partition, rows::integer, erased::integer, hash FROM archive.detached WHERE table_name IS NOT NULL ORDER BY 1$$,
    $$SELECT 0, 2, 1, bit_xor(archive.record_hash("offset", log_time, id, value)) FROM archive.detached_2026_02 WHERE partition = 0
      UNION ALL SELECT 1, 5, 0, bit_xor(archive.record_hash("offset", log_time, id, value)) FROM archive.detached_2026_02 WHERE partition = 1$$,
    'what is noted of it is what it says now');
SELECT is((SELECT string_agg(id, ' ' ORDER BY id) FROM archive.detached_2026_02 WHERE value IS NULL), 'f0', 'that row only');
SELECT ok(NOT has_function_privilege('mooc_bi', 'archive.former_identities(regclass, integer)', 'EXECUTE'), 'who reads looks for nobody');
SELECT ok(NOT has_function_privilege('mooc_writer', 'archive.is_month(regclass)', 'EXECUTE'), 'what only these two ask');
SET LOCAL ROLE mooc_writer;

SELECT throws_ok($$UPDATE archive.events SET value = NULL$$, '42501', NULL, 'the writer changes no row by itself');
SELECT throws_ok($$DELETE FROM archive.events$$, '42501', NULL, 'nor takes one away');
SELECT throws_ok($$DELETE FROM archive.erasures$$, '42501', NULL, 'an erasure is for ever');
SELECT throws_ok($$UPDATE archive.erasures SET subject = subject$$, '42501', NULL, 'and for nobody else');
SELECT throws_like($$SELECT archive.blank_erased('archive.offsets')$$, '%no month%', 'no other table');
RESET ROLE;
SELECT ok(NOT has_function_privilege('mooc_bi', 'archive.blank_erased(regclass)', 'EXECUTE'), 'who reads blanks nothing');
SELECT ok(NOT has_table_privilege('mooc_bi', 'archive.erasures', 'SELECT'), 'and does not see who was erased');

SELECT * FROM finish();
ROLLBACK;
