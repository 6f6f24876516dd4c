-- Outcomes of `verify`: the service adds them and changes none; BI logins do not see them.
BEGIN;
\ir support/hagiang.psql
SELECT plan(6);

SET LOCAL ROLE mooc_writer;
SELECT lives_ok($$INSERT INTO pulse.verifications (generation, config_version, vector, began_at, seconds, checks, compared, differences)
                  VALUES (1, 1, '{}', now(), 1.5, '{"tallies": {"compared": 3, "differences": 1}}', 3, 1)$$, 'the service notes an outcome');
SELECT results_eq('SELECT generation, differences FROM pulse.verifications', 'VALUES (1, 1::bigint)', 'and reads it');
SELECT throws_ok('UPDATE pulse.verifications SET differences = 0', '42501', NULL, 'it changes none');
SELECT throws_ok('DELETE FROM pulse.verifications', '42501', NULL, 'and removes none');
SELECT lives_ok('CREATE TEMP TABLE verify_parsed (line bigint)', 'it may make temporary tables');
RESET ROLE;
SELECT ok(NOT has_table_privilege('mooc_bi', 'pulse.verifications', 'SELECT'), 'logins of BI tools see nothing of it');

SELECT * FROM finish();
ROLLBACK;
