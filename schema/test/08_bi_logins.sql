-- The service makes and drops logins of BI tools, and no other role.
BEGIN;
SELECT plan(16);

SET LOCAL ROLE mooc_writer;
SELECT lives_ok($$SELECT pulse.add_bi_login('pgtap_reader',
    'SCRAM-SHA-256$4096:W22ZaJ0SNY7soEsUEjb6gQ==$WG5d8oPm3OtcPnkdi4Uo7BkeZkBFzpcXkuLmtbsT4qY=:wfPLwcE6nTWhTAmQ7tl2KeoiWGPlZqQxSrmfPwDl2dU=')$$,
    'the service may make a login');
SELECT throws_ok($$SELECT pulse.add_bi_login('pgtap_other', 'secret')$$, '22023', NULL, 'a password in clear is refused');
SELECT throws_ok($$SELECT pulse.add_bi_login('x; DROP ROLE y', 'SCRAM-SHA-256$4096:a$b:c')$$, '22023', NULL, 'so is a strange name');
SELECT throws_ok($$SELECT pulse.drop_bi_login('mooc_owner')$$, '42704', NULL, 'no other role is dropped');
SELECT throws_ok($$SELECT pulse.drop_bi_login('mooc_writer')$$, '42704', NULL, 'not the service''s own');
SELECT throws_ok('CREATE ROLE pgtap_direct', '42501', NULL, 'the service itself may make none');
RESET ROLE;

SELECT row_eq($$SELECT rolcanlogin, rolsuper, rolcreatedb, rolcreaterole, rolreplication, rolconnlimit FROM pg_roles
                 WHERE rolname = 'pgtap_reader'$$,
              ROW(true, false, false, false, false, 20), 'a plain login');
SELECT set_eq($$SELECT unnest(setconfig) FROM pg_db_role_setting WHERE setrole = 'pgtap_reader'::regrole AND setdatabase = 0$$,
              ARRAY['default_transaction_read_only=on', 'statement_timeout=60s', 'lock_timeout=5s',
                    'idle_in_transaction_session_timeout=5min', 'search_path=bi', 'jit=off', 'work_mem=32MB',
                    'random_page_cost=1.3', 'temp_file_limit=4GB', 'TimeZone=Asia/Ho_Chi_Minh'],
              'read-only, with time-outs, in Vietnamese time');
SET LOCAL ROLE pgtap_reader;
SELECT lives_ok('SELECT * FROM bi.participation', 'it reads the views');
SELECT throws_ok('SELECT * FROM pulse.generations', '42501', NULL, 'and nothing else');
SELECT throws_ok($$SELECT pulse.drop_bi_login('pgtap_reader')$$, '42501', NULL, 'it makes and drops no logins');
SELECT throws_ok($$SELECT pulse.end_bi_sessions('1 h')$$, '42501', NULL, 'nor ends any sessions');
RESET ROLE;
SELECT isnt_empty($$SELECT FROM pulse.bi_logins WHERE login = 'pgtap_reader'$$, 'it is known as a login of BI tools');
SELECT is_empty($$SELECT login FROM pulse.bi_logins WHERE login LIKE 'mooc%'$$, 'the roles of the schema are none');

SET LOCAL ROLE mooc_writer;
SELECT lives_ok($$SELECT pulse.drop_bi_login('pgtap_reader')$$, 'the service drops it');
RESET ROLE;
SELECT hasnt_role('pgtap_reader', 'and it is gone');

SELECT * FROM finish();
ROLLBACK;
