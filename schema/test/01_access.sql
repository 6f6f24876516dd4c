-- A BI login sees the views of schema bi and nothing else, and changes nothing.
BEGIN;
SELECT plan(20);

SELECT is((SELECT count(*)::integer FROM pg_class c WHERE c.relnamespace = 'bi'::regnamespace AND c.relkind <> 'v'), 0,
          'bi holds views only');
SELECT is((SELECT string_agg(DISTINCT pg_get_userbyid(c.relowner), ' ') FROM pg_class c WHERE c.relnamespace = 'bi'::regnamespace),
          'mooc_owner', 'mooc_owner owns them');
SELECT is_empty(
    $$SELECT view_name FROM bi.dictionary WHERE column_name = ''
      EXCEPT
      SELECT view_name FROM pulse.grains$$, 'each says what its rows are');
SELECT is_empty(
    $$SELECT c.relname FROM pg_class c WHERE c.relnamespace = 'bi'::regnamespace AND obj_description(c.oid) IS NULL
      UNION ALL
      SELECT c.relname || '.' || a.attname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0
       WHERE c.relnamespace = 'bi'::regnamespace AND col_description(c.oid, a.attnum) IS NULL$$,
    'every view and column is commented');
SELECT is_empty(
    $$SELECT view_name FROM bi.dictionary
       WHERE label IS NULL OR label_en IS NULL OR definition IS NULL OR definition_en IS NULL$$,
    'every view and column stands in the dictionary');

-- What the role may touch, by the catalogue.
SELECT is_empty(
    $$SELECT n.nspname || '.' || c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
       WHERE n.nspname NOT IN ('bi', 'pg_catalog', 'information_schema', 'public') AND n.nspname NOT LIKE 'pg_temp%'
         AND c.relkind IN ('r', 'v', 'm', 'p', 'f')
         AND has_table_privilege('mooc_bi', c.oid, 'SELECT,INSERT,UPDATE,DELETE,TRUNCATE')$$,
    'no table or view outside bi');
SELECT is_empty(
    $$SELECT n.nspname FROM pg_namespace n
       WHERE n.nspname NOT IN ('bi', 'pg_catalog', 'information_schema', 'public') AND n.nspname NOT LIKE 'pg_t%'
         AND has_schema_privilege('mooc_bi', n.oid, 'USAGE,CREATE')$$,
    'no schema but bi');
SELECT is_empty(
    $$SELECT c.relname FROM pg_class c WHERE c.relnamespace = 'bi'::regnamespace
         AND (has_table_privilege('mooc_bi', c.oid, 'INSERT,UPDATE,DELETE,TRUNCATE,REFERENCES,TRIGGER')
              OR NOT has_table_privilege('mooc_bi', c.oid, 'SELECT'))$$,
    'bi can be read and not written');
SELECT is_empty(
    $$SELECT p.proname FROM pg_proc p WHERE p.pronamespace IN ('pulse'::regnamespace, 'archive'::regnamespace)
         AND p.proname NOT IN ('live_among', 'granted_login', 'units_of', 'rolling_chart', 'detail_vi') AND has_function_privilege('mooc_bi', p.oid, 'EXECUTE')$$,
    'no function of ours but those by which the views choose their branch, know their reader and say a detail in Vietnamese');

-- And by trying, as the role.
SET LOCAL ROLE mooc_bi;
SELECT lives_ok($$SELECT * FROM bi.participation, bi.province_ranking, bi.data_issues, bi.freshness, bi.unit_rollup, bi.dictionary,
                  bi.generation, bi.group_status, bi.published_totals, bi.units, bi.waves, bi.trainings, bi.groups LIMIT 0$$,
                'the role reads bi');
SELECT throws_ok('SELECT * FROM pulse.live_tallies', '42501', NULL, 'not pulse');
SELECT throws_ok('SELECT * FROM gen_1.states', '42501', NULL, 'not the states');
SELECT throws_ok('SELECT * FROM archive.events', '42501', NULL, 'not the archive');
SELECT throws_ok('CREATE TEMPORARY TABLE mine (a integer)', '42501', NULL, 'it makes no temporary tables');
SELECT throws_ok('CREATE TABLE public.mine (a integer)', '42501', NULL, 'nor tables');
SELECT throws_ok('CREATE SCHEMA mine', '42501', NULL, 'nor schemas');
SELECT throws_ok('SELECT lo_create(0)', '42501', NULL, 'nor large objects');
SELECT throws_ok('SELECT pg_advisory_xact_lock(1)', '42501', NULL, 'it holds no lock of our commands');
SELECT throws_ok('DELETE FROM bi.units', '55000', NULL, 'it changes nothing');
RESET ROLE;
-- What PostgreSQL gives everybody and a login could use up the disk or hold our commands up with.
SELECT is_empty(
    $$SELECT p.oid::regprocedure FROM pg_proc p
       WHERE p.pronamespace = 'pg_catalog'::regnamespace AND has_function_privilege('mooc_bi', p.oid, 'EXECUTE')
         AND (p.prosrc IN ('be_lo_creat', 'be_lo_create', 'be_lo_from_bytea', 'be_lo_import', 'be_lo_import_with_oid', 'be_lo_export')
              OR p.proname ~ 'advisory_(xact_)?lock' OR p.proname ~ 'logical_emit')$$,
    'no function that makes large objects, writes into the WAL or takes advisory locks');

SELECT * FROM finish();
ROLLBACK;
