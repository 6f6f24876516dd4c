-- A generation comes beside the live one, is made the live one, and goes.
BEGIN;
\ir support/hagiang.psql
SELECT plan(16);

CREATE TEMPORARY TABLE next ON COMMIT DROP AS SELECT pulse.begin_replay(2, 1) AS number;
SELECT is((SELECT state FROM pulse.generations WHERE generation = (SELECT number FROM next)), 'building', 'it is being built');
SELECT is((SELECT count(*)::integer FROM pg_index WHERE indrelid = format('gen_%s.states', (SELECT number FROM next))::regclass), 0,
          'what COPY fills has no index');
SELECT ok(pg_get_viewdef('pulse.live_tallies') NOT LIKE '%gen_' || (SELECT number FROM next) || '.%', 'and no view shows it');
SELECT throws_ok(format('SELECT pulse.switch_generation(1, %s)', (SELECT number FROM next)), '55000', NULL, 'nor can it be promoted');
SELECT lives_ok(format('SELECT pulse.index_generation(%s, t) FROM unnest(ARRAY[''states'', ''members'', ''carriers'', ''deadlines'', ''issues'', ''tallies'']) t',
                       (SELECT number FROM next)), 'its indexes are made');
SELECT is((SELECT count(*)::integer FROM pg_index WHERE indrelid = format('gen_%s.carriers', (SELECT number FROM next))::regclass), 2,
          'all of them');
SELECT lives_ok(format('SELECT pulse.finish_replay(%s)', (SELECT number FROM next)), 'it is whole');
INSERT INTO pulse.offsets (generation, topic, partition, next_offset, writer_epoch, config_version)
VALUES (1, 'mooc.events.v1', 7, 5, 1, 1);
SELECT throws_ok(format('SELECT pulse.switch_generation(1, %s)', (SELECT number FROM next)), '55000', NULL,
                 'two that stand at different offsets are not switched');
INSERT INTO pulse.offsets (generation, topic, partition, next_offset, writer_epoch, config_version)
SELECT (SELECT number FROM next), topic, partition, next_offset, 1, 1 FROM pulse.offsets WHERE generation = 1;
SELECT lives_ok(format('SELECT pulse.switch_generation(1, %s)', (SELECT number FROM next)), 'two that stand at the same are');
SELECT is((SELECT count(*)::integer FROM bi.participation), 0, 'its figures are shown');
SELECT is((SELECT count(DISTINCT writer_epoch)::integer FROM pulse.offsets WHERE generation = 1), 1, 'the writers of both are fenced');
SELECT throws_ok(format('SELECT pulse.drop_generation(%s)', (SELECT number FROM next)), '55000', NULL, 'the live one is not dropped');
SELECT lives_ok(format('SELECT pulse.switch_generation(%s, 1)', (SELECT number FROM next)), 'it is rolled back');
SELECT is((SELECT sum(registered)::integer FROM bi.participation), 2716, 'to the figures before');
SELECT lives_ok(format('SELECT pulse.drop_generation(%s)', (SELECT number FROM next)), 'and dropped');
UPDATE pulse.live SET generation = 1;
SELECT throws_ok('SELECT pulse.live_among(ARRAY[2, 3])', '55000', NULL, 'who still sees a dropped one is told so');

SELECT * FROM finish();
ROLLBACK;
