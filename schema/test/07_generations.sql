-- The views show the generation that pulse.live names, keep their identity, and an UPDATE switches all of them at once.
BEGIN;
\ir support/hagiang.psql
SELECT plan(9);

CREATE TEMPORARY TABLE oid_before ON COMMIT DROP AS SELECT 'pulse.live_tallies'::regclass::oid AS oid;
SELECT pulse.create_generation(2, 1, 1);
SELECT pulse.rebuild_live_views();
SELECT is('pulse.live_tallies'::regclass::oid, (SELECT oid FROM oid_before), 'a view keeps its identity');
SELECT is((SELECT count(*)::integer FROM bi.participation), 33, 'a new generation is not shown');

INSERT INTO gen_2.tallies VALUES ('wave', 'DA06-2023', 'DA06-2023-HG', 0, '', 'HG-SYTE', '', 5, 4, 3, 3, 2, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0);
SELECT is((SELECT sum(registered)::integer FROM bi.participation), 2716, 'nor are its figures mixed in');
UPDATE pulse.live SET generation = 2;
SELECT row_eq('SELECT count(*)::integer, sum(registered)::integer FROM bi.participation', ROW(1, 5), 'promoted: it is shown');
SELECT is((SELECT generation FROM bi.generation), 2, 'bi.generation says so');
SELECT is((SELECT count(*)::integer FROM bi.published_totals), 0, 'in every view');
UPDATE pulse.live SET generation = 1;
SELECT is((SELECT sum(registered)::integer FROM bi.participation), 2716, 'rolled back');

SELECT throws_ok('INSERT INTO pulse.live VALUES (true, 2)', '23505', NULL, 'one generation is live');
SELECT ok(NOT has_function_privilege('mooc_writer', 'pulse.rebuild_live_views()', 'EXECUTE'), 'services own no DDL rights');

SELECT * FROM finish();
ROLLBACK;
