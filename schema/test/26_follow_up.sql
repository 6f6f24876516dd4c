-- Where the people of a list stand: only for those who may ask, of those who are named, of the live generation.
BEGIN;
SELECT plan(18);

INSERT INTO gen_1.states (subject, training, facts) VALUES
    ('00000000-0000-0000-0000-00000000000a', 'T', '\x01'), ('00000000-0000-0000-0000-00000000000b', '', '\x02'),
    ('00000000-0000-0000-0000-00000000000c', 'T', '\x03'), ('00000000-0000-0000-0000-00000000000d', 'T', '\x04');
INSERT INTO gen_1.members (subject, person) VALUES
    ('00000000-0000-0000-0000-00000000000a', '00000000-0000-0000-0000-00000000000a'),
    ('00000000-0000-0000-0000-00000000000b', '00000000-0000-0000-0000-00000000000a');
INSERT INTO gen_1.carriers (identifier, subject, on_roster, name, citizen) VALUES
    ('00000000-0000-0000-0000-0000000000e1', '00000000-0000-0000-0000-00000000000a', true, 7, NULL),
    ('00000000-0000-0000-0000-0000000000e1', '00000000-0000-0000-0000-00000000000b', false, 0, NULL),
    ('00000000-0000-0000-0000-0000000000e2', '00000000-0000-0000-0000-00000000000c', true, 8, NULL);
INSERT INTO gen_1.carriers (identifier, subject, on_roster, name, citizen)
SELECT gen_random_uuid(), gen_random_uuid(), true, 9, NULL FROM generate_series(1, 201);
INSERT INTO gen_1.issues VALUES
    ('email_malformed', '00000000-0000-0000-0000-00000000000a', 'W', 'U', 7, 's', 'f.xlsx', 'A', 3),
    ('email_malformed', '00000000-0000-0000-0000-00000000000a', 'OTHER', 'U', 7, 's', 'f.xlsx', 'A', 3),
    ('no_account', '00000000-0000-0000-0000-00000000000a', 'W', 'U', 7, 's', 'f.xlsx', 'A', 3),
    ('no_account', '00000000-0000-0000-0000-00000000000c', 'W', 'U', 8, 's', 'f.xlsx', 'A', 4),
    ('account_not_on_roster', '00000000-0000-0000-0000-00000000000d', '', '', 8, 's', '', '', 0);
INSERT INTO gen_1.tallies VALUES
    ('platform', 'T', '', 0, 'shows', 'U', '', 1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0),
    ('platform', 'T', '', 0, 'hides', 'U', '', 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
DELETE FROM pulse.working_days;
INSERT INTO pulse.working_days (day, number) VALUES
    ('2023-09-07', 10), ('2023-09-08', 11), ('2023-09-09', 11), ('2023-09-10', 11), ('2023-09-11', 12), ('2023-09-12', 13);

SET LOCAL ROLE mooc_follow_up;
SELECT results_eq(
    $$SELECT subject, facts FROM pulse.follow_up_people('{00000000-0000-0000-0000-00000000000b}') ORDER BY 1$$,
    $$VALUES ('00000000-0000-0000-0000-00000000000a'::uuid, '\x01'::bytea), ('00000000-0000-0000-0000-00000000000b', '\x02')$$,
    'who is asked for comes with all that is the same person');
SELECT is((SELECT count(DISTINCT person)::integer FROM pulse.follow_up_people(
              '{00000000-0000-0000-0000-00000000000a,00000000-0000-0000-0000-00000000000b,00000000-0000-0000-0000-00000000000c}')), 2,
          'two persons, however often one is asked for');
SELECT is((SELECT count(*)::integer FROM pulse.follow_up_people(
              '{00000000-0000-0000-0000-00000000000c,00000000-0000-0000-0000-00000000000c}')), 1, 'nobody comes twice');
SELECT is_empty($$SELECT * FROM pulse.follow_up_people('{00000000-0000-0000-0000-0000000000ff}')$$, 'nobody else comes');
SELECT results_eq(
    $$SELECT subject, on_roster, name FROM pulse.follow_up_carriers('{00000000-0000-0000-0000-0000000000e1}') ORDER BY 1$$,
    $$VALUES ('00000000-0000-0000-0000-00000000000a'::uuid, true, 7::bigint), ('00000000-0000-0000-0000-00000000000b', false, 0)$$,
    'who carries an identifier');
SELECT results_eq($$SELECT subject FROM pulse.follow_up_named('{7,8}') ORDER BY 1$$,
                  $$VALUES ('00000000-0000-0000-0000-00000000000a'::uuid), ('00000000-0000-0000-0000-00000000000c')$$,
                  'rows of lists with one of the names');
SELECT is_empty($$SELECT * FROM pulse.follow_up_named('{9}')$$, 'a name that hundreds bear tells nobody');
SELECT results_eq(
    $$SELECT subject, unit, kind FROM pulse.follow_up_issues('{00000000-0000-0000-0000-00000000000a,00000000-0000-0000-0000-00000000000c}', 'W')
       ORDER BY 1, 3$$,
    $$VALUES ('00000000-0000-0000-0000-00000000000a'::uuid, 'U', 'email_malformed'), ('00000000-0000-0000-0000-00000000000c', 'U', 'account_under_other_email')$$,
    'issues of the wave, as bi.data_issues words them: no account is none unless somebody of that name has one');
SELECT results_eq($$SELECT source FROM pulse.follow_up_platforms('T')$$, ARRAY['shows'], 'where activation shows');
SELECT results_eq(
    $$SELECT day_0, due FROM pulse.follow_up_due('{2023-09-07,2023-09-08,2023-09-12}', 1) ORDER BY 1$$,
    $$VALUES ('2023-09-07'::date, '2023-09-08'::date), ('2023-09-08', '2023-09-11')$$,
    'due at the end of the working day; beyond the calendar no day');
SELECT lives_ok($$SELECT pulse.audit_note('report follow-up', 'o', NULL, 1, 0, '{}')$$, 'who asked is noted');
SELECT throws_ok($$SELECT facts FROM gen_1.states$$, '42501', NULL, 'no look at everybody');
SELECT throws_ok($$SELECT * FROM pulse.audit$$, '42501', NULL, 'nor at who asked');
SELECT throws_ok($$SELECT * FROM pulse.live_issues$$, '42501', NULL, 'nor at all issues');
RESET ROLE;
SELECT ok(pg_has_role('mooc_writer', 'mooc_follow_up', 'USAGE'), 'the service''s login may ask');
SELECT ok(NOT pg_has_role('mooc_bi', 'mooc_follow_up', 'MEMBER'), 'who reads figures may not');
SET LOCAL ROLE mooc_bi;
SELECT throws_ok($$SELECT * FROM pulse.follow_up_people('{}')$$, '42501', NULL, 'and is refused');
SELECT throws_ok($$SELECT * FROM pulse.follow_up_named('{}')$$, '42501', NULL, 'and is refused');
RESET ROLE;

SELECT * FROM finish();
ROLLBACK;
