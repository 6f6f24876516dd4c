-- What no log can give back is saved and restored; what an operator set aside is in no count.
BEGIN;
\ir support/hagiang.psql
SELECT plan(35);

-- Every table is either saved, or known to come from the log, from other tables or with the schema.
SELECT is_empty($$
    SELECT c.oid::regclass FROM pg_class c
     WHERE c.relkind IN ('r', 'p') AND c.relnamespace IN ('pulse'::regnamespace, 'bi'::regnamespace)
       AND NOT EXISTS (SELECT FROM pulse.saved_tables s WHERE s.name::regclass = c.oid)
       AND c.oid::regclass::text <> ALL (ARRAY[
           -- made by counting, or measured again
           'pulse.generations', 'pulse.live', 'pulse.writers', 'pulse.offsets', 'pulse.verifications', 'pulse.sizes', 'pulse.changed', 'pulse.changed_all',
           -- derived from saved ones
           'pulse.tree_versions', 'pulse.unit_paths', 'pulse.unit_path_names', 'pulse.working_days', 'pulse.target_numbers',
           'pulse.plan_sums', 'pulse.plan_reach',
           -- filled by the schema itself
           'pulse.schema_version', 'pulse.issue_kinds', 'pulse.detail_words', 'pulse.dictionary', 'pulse.grains', 'pulse.adds_over', 'pulse.saved_tables', 'pulse.days'])$$,
    'a new table is saved (a row in pulse.saved_tables), or is listed here as one that need not be');
SELECT is_empty($$SELECT name FROM pulse.saved_tables WHERE name::regclass NOT IN
                  (SELECT oid FROM pg_class WHERE pg_get_userbyid(relowner) = 'mooc_owner')$$, 'they belong to the owner');

-- Set aside ------------------------------------------------------------------------------------------------------------
INSERT INTO gen_1.dead_letters VALUES
    ('00000000-0000-0000-0000-000000000001', true, 'lists', 'unit_unknown', '', 'roster', 'DA06-2023-HG', '', 'a.xlsx', 'A', 5,
     'mooc.dead.v1', 0, 7, 100, 1),
    ('00000000-0000-0000-0000-000000000002', true, '', 'not_json', 'byte 1', '', '', '', '', '', 0, 'mooc.events.v1', 2, 99, 0, 0);
INSERT INTO gen_1.marks VALUES ('00000000-0000-0000-0000-000000000003', 'lists', 'roster', 'x', 0, now(), 40, 3, 1, 1);
SELECT is((SELECT count(*)::integer FROM bi.data_issues), 2, 'two faults');
SELECT is((SELECT rejected_records FROM bi.freshness WHERE source = 'lists'), 3::bigint, 'the source counts three');
SET LOCAL ROLE mooc_writer;
SELECT lives_ok($$INSERT INTO pulse.dead_dropped (entity, revision, topic, partition, "offset", dropped_by, reason)
                  SELECT entity, revision, topic, partition, "offset", 'me', 'why' FROM pulse.live_dead_letters WHERE row_number = 5$$,
                'the service may set one aside');
SELECT throws_ok($$DELETE FROM pulse.dead_dropped$$, '42501', NULL, 'and not undo it unseen');
SELECT throws_ok($$UPDATE pulse.dead_dropped SET reason = 'x'$$, '42501', NULL, 'nor say another reason');
RESET ROLE;
SELECT throws_ok($$INSERT INTO pulse.dead_dropped VALUES ('00000000-0000-0000-0000-000000000009', 1, '', 0, 0, 'me', now(), '')$$,
                 '23514', NULL, 'a reason must be given');
SELECT is((SELECT string_agg(kind, ' ') FROM bi.data_issues)::text, 'unreadable_record', 'it is no fault any more');
SELECT is((SELECT rejected_records FROM bi.freshness WHERE source = 'lists'), 2::bigint, 'nor counted for its source');
UPDATE gen_1.dead_letters SET revision = 101 WHERE row_number = 5;
SELECT is((SELECT count(*)::integer FROM bi.data_issues), 2, 'rejected again later, it is another fault');

-- Rows out ----------------------------------------------------------------------------------------------------------------
SET LOCAL ROLE mooc_writer;
SELECT pulse.add_bi_login('pgtap_saved', v) FROM (VALUES (
    'SCRAM-SHA-256$4096:W22ZaJ0SNY7soEsUEjb6gQ==$WG5d8oPm3OtcPnkdi4Uo7BkeZkBFzpcXkuLmtbsT4qY=:wfPLwcE6nTWhTAmQ7tl2KeoiWGPlZqQxSrmfPwDl2dU=')) x (v);
SELECT results_eq($$SELECT login, left(verifier, 18) FROM pulse.saved_logins() WHERE login IN ('pgtap_saved', 'mooc_writer', 'mooc_owner', session_user)$$,
                  $$VALUES ('pgtap_saved', 'SCRAM-SHA-256$4096')$$, 'logins of BI tools, and no other, with what a superuser can read');
SELECT is((SELECT count(*) FROM pulse.saved_rows('pulse.units')), (SELECT count(*) FROM pulse.units), 'every row is given');
SELECT throws_ok($$SELECT pulse.saved_rows('pulse.offsets')$$, '42P01', NULL, 'of saved tables only');
SELECT throws_ok($$SELECT pulse.saved_rows('pg_authid')$$, '42P01', NULL, 'not of any other');
SELECT throws_ok($$SELECT pulse.restore_rows('pulse.units; DROP TABLE pulse.units', '[]')$$, '55000', NULL, 'no statement gets in');
SELECT ok(pulse.saved_columns('pulse.audit') LIKE 'action text, at timestamp with time zone, %', 'columns by name and type');

-- Rows back in ------------------------------------------------------------------------------------------------------------
SELECT throws_ok('SELECT pulse.restore_begin(false)', '55000', 'the database holds generations (pulse.generations)', 'a database in use is refused');
SELECT throws_ok($$SELECT pulse.restore_rows('pulse.audit', '[]')$$, '55000', NULL, 'nothing is added to one');
RESET ROLE;

UPDATE pulse.generations SET config_version = 0;
SELECT pulse.audit_note('replay promote', 'me', 'why', 8, 1, NULL);
SELECT throws_ok('SELECT pulse.restore_begin(false)', '55000', 'the database holds rows of pulse.config_versions', 'so is one with reference data');
CREATE TEMPORARY TABLE saved ON COMMIT DROP AS
SELECT s.name, s.position, pulse.saved_columns(s.name) AS columns, (SELECT jsonb_agg(r::jsonb) FROM pulse.saved_rows(s.name) r) AS rows
  FROM pulse.saved_tables s;
CREATE TEMPORARY TABLE derived ON COMMIT DROP AS
SELECT (SELECT md5(string_agg(t::text, '|' ORDER BY t::text COLLATE "C")) FROM pulse.unit_paths t) AS paths,
       (SELECT md5(string_agg(t::text, '|' ORDER BY t::text COLLATE "C")) FROM pulse.working_days t) AS days;
CREATE FUNCTION pg_temp.saved_again() RETURNS SETOF jsonb LANGUAGE sql AS $$
SELECT (SELECT jsonb_agg(r::jsonb) FROM pulse.saved_rows(s.name) r) FROM pulse.saved_tables s ORDER BY s.position $$;
SET CONSTRAINTS ALL IMMEDIATE;
TRUNCATE pulse.config_versions, pulse.units, pulse.targets, pulse.staff, pulse.calendar, pulse.training_labels, pulse.wave_labels,
    pulse.audience_labels, pulse.unit_paths, pulse.working_days, pulse.dead_dropped, pulse.audit CASCADE;
INSERT INTO pulse.config_versions (config_version, fingerprint) VALUES (0, '');
INSERT INTO pulse.offsets VALUES (1, 'mooc.events.v1', 0, 1, 1, 0);
SELECT throws_ok('SELECT pulse.restore_begin(false)', '55000', 'the database holds counted figures (pulse.offsets)', 'so is one that counts');
DELETE FROM pulse.offsets;

SET CONSTRAINTS ALL DEFERRED;
GRANT SELECT ON saved TO mooc_writer;
SET LOCAL ROLE mooc_writer;
SELECT throws_ok('SELECT pulse.restore_begin(true)', '55000', 'the database holds no archive to count from', 'the archive comes first');
RESET ROLE;
-- The archive was imported, because the log's start is gone.
INSERT INTO archive.offsets VALUES ('mooc.events.v1', 0, 70, 69, 'x', 1), ('mooc.events.v1', 1, 8, 7, 'y', 1);
SELECT pulse.audit_note('archive import', 'me', 'lost', NULL, NULL, NULL);
SET LOCAL ROLE mooc_writer;
SELECT throws_ok('SELECT pulse.restore_begin(false)', '55000', 'the database holds an archive (archive.events)', 'it is not taken unasked');
SELECT lives_ok('SELECT pulse.restore_begin(true)', 'a database deployed anew is taken');
SELECT lives_ok($$SELECT pulse.restore_rows(name, rows) FROM saved WHERE rows IS NOT NULL ORDER BY position$$, 'its rows come back');
SELECT throws_ok('SELECT pulse.restore_end(99)', 'P0002', NULL, 'not without the config that was live');
SELECT lives_ok('SELECT pulse.restore_end(1)', 'and the config that was live');
RESET ROLE;
SELECT is((SELECT action FROM pulse.audit ORDER BY entry DESC LIMIT 1), 'archive import', 'the import is noted behind what came back');
DELETE FROM pulse.audit WHERE action = 'archive import';
SELECT results_eq('SELECT rows FROM saved ORDER BY position', 'SELECT pg_temp.saved_again()', 'every table is as it was');
SELECT row_eq($$SELECT (SELECT md5(string_agg(t::text, '|' ORDER BY t::text COLLATE "C")) FROM pulse.unit_paths t),
                       (SELECT md5(string_agg(t::text, '|' ORDER BY t::text COLLATE "C")) FROM pulse.working_days t)$$,
              (SELECT ROW(paths, days) FROM derived), 'what is derived is made');
SELECT is((SELECT config_version FROM pulse.generations), 1, 'generation 1 has it');
SELECT is(nextval('pulse.generation_numbers'), 9::bigint, 'the next one has a number that the audit does not name');

-- Where only the archive has what the log lost --------------------------------------------------------------------------------
SET LOCAL ROLE mooc_writer;
SELECT lives_ok($$SELECT pulse.restore_from_archive('[{"topic": "mooc.dead.v1", "partition": 0}, {"topic": "mooc.events.v1", "partition": 0}]')$$, 'the generation goes to where the archive stands');
SELECT is((SELECT string_agg(concat_ws('/', topic, partition, next_offset, config_version), ' ' ORDER BY topic, partition) FROM pulse.offsets),
          'mooc.dead.v1/0/0/1 mooc.events.v1/0/70/1 mooc.events.v1/1/8/1',
          'with the config that was live; what is in no archive begins anew');
SELECT is((SELECT fold_version FROM pulse.generations), 0, 'and no program counts on from it');
RESET ROLE;

SELECT * FROM finish();
ROLLBACK;
