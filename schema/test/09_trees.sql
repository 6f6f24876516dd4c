-- Trees of units on any day: a merge, a split, an end without an heir, a move. 2025-07-01 as in the provinces' reform.
BEGIN;
\ir support/empty.psql
SELECT plan(21);
CREATE OR REPLACE VIEW pulse.today AS SELECT '2025-08-01'::date AS today;

-- A and B are merged into C; the district A1 is split between the communes X1 and X2; B1 ends in 2024 and nobody takes its place;
-- the school A2 moves from district A1's office to A itself on 2025-01-01.
INSERT INTO pulse.units (unit, name, printed_name, kind, parent, print_order, valid_from, valid_to) VALUES
    ('VN', 'Nước', 'Nước', 'quoc_gia', NULL, 1, NULL, NULL),
    ('A', 'Tỉnh A', 'Tỉnh A', 'tinh', 'VN', 1, NULL, '2025-06-30'),
    ('B', 'Tỉnh B', 'Tỉnh B', 'tinh', 'VN', 2, NULL, '2025-06-30'),
    ('C', 'Tỉnh C', 'Tỉnh C', 'tinh', 'VN', 3, '2025-07-01', NULL),
    ('A1', 'Huyện A1', 'Huyện A1', 'huyen', 'A', 1, NULL, '2025-06-30'),
    ('A2', 'Trường A2', 'Trường A2', 'truong', 'A', 2, NULL, NULL),
    ('B1', 'Ngành B1', 'Ngành B1', 'nganh', 'B', 1, NULL, '2024-12-31'),
    ('X1', 'Xã X1', 'Xã X1', 'xa', 'C', 1, '2025-07-01', NULL),
    ('X2', 'Xã X2', 'Xã X2', 'xa', 'C', 2, '2025-07-01', NULL);
INSERT INTO pulse.unit_successors VALUES ('A', 'C'), ('B', 'C'), ('A1', 'X1'), ('A1', 'X2');
INSERT INTO pulse.unit_lines (unit, tree, valid_from, valid_to, above) VALUES
    ('A', 'management', '-infinity', '2025-06-30', 'VN'), ('B', 'management', '-infinity', '2025-06-30', 'VN'),
    ('C', 'management', '2025-07-01', 'infinity', 'VN'), ('A1', 'management', '-infinity', '2025-06-30', 'A'),
    ('A2', 'management', '-infinity', '2024-12-31', 'A1'), ('A2', 'management', '2025-01-01', 'infinity', 'A'),
    ('B1', 'management', '-infinity', '2024-12-31', 'B'),
    ('X1', 'management', '2025-07-01', 'infinity', 'C'), ('X2', 'management', '2025-07-01', 'infinity', 'C');
DO 'BEGIN PERFORM pulse.rebuild_unit_paths(); END';

SELECT results_eq(
    $$SELECT version_from, version_to FROM pulse.tree_versions WHERE tree = 'management' ORDER BY version_from$$,
    $$VALUES ('-infinity'::date, '2024-12-31'::date), ('2025-01-01', '2025-06-30'), ('2025-07-01', 'infinity')$$,
    'a version from each day on which a line or unit begins, or one has ended');
SELECT results_eq(
    $$SELECT unit COLLATE "default", string_agg(ancestor, ' ' ORDER BY distance) COLLATE "default" FROM pulse.unit_paths
       WHERE tree = 'management' AND version_from = '-infinity' GROUP BY unit ORDER BY 1$$,
    $$VALUES ('A', 'A VN'), ('A1', 'A1 A VN'), ('A2', 'A2 A1 A VN'), ('B', 'B VN'), ('B1', 'B1 B VN'), ('C', 'C VN'), ('VN', 'VN'),
             ('X1', 'X1 C VN'), ('X2', 'X2 C VN')$$, 'the tree of the beginning');
SELECT results_eq(
    $$SELECT unit COLLATE "default", string_agg(ancestor, ' ' ORDER BY distance) COLLATE "default" FROM pulse.unit_paths
       WHERE tree = 'management' AND version_from = '2025-01-01' AND unit IN ('A2', 'B1') GROUP BY unit ORDER BY 1$$,
    $$VALUES ('A2', 'A2 A VN'), ('B1', 'B1 B VN')$$, 'the school has moved; who ended without an heir keeps its last line');
SELECT results_eq(
    $$SELECT unit COLLATE "default", string_agg(ancestor, ' ' ORDER BY distance) COLLATE "default" FROM pulse.unit_paths
       WHERE tree = 'management' AND version_from = '2025-07-01' GROUP BY unit ORDER BY 1$$,
    $$VALUES ('A', 'C VN'), ('A1', 'A1 C VN'), ('A2', 'A2 C VN'), ('B', 'C VN'), ('B1', 'B1 C VN'), ('C', 'C VN'), ('VN', 'VN'),
             ('X1', 'X1 C VN'), ('X2', 'X2 C VN')$$,
    'merged units count in their heir, a split one in itself and above it');

SELECT is((SELECT string_agg(unit, ' ' ORDER BY unit) FROM bi.units_within('C')), 'A A1 A2 B B1 C X1 X2',
          'within a unit are those that it took the place of, with all below them');
CREATE OR REPLACE VIEW pulse.today AS SELECT '2024-06-01'::date AS today;
SELECT is((SELECT string_agg(unit, ' ' ORDER BY unit) FROM bi.units_within('C')), 'C X1 X2', 'of an earlier day they stand by themselves');
SELECT results_eq($$SELECT unit COLLATE "default", parent COLLATE "default" FROM bi.units WHERE unit IN ('A1', 'A2', 'C', 'VN') ORDER BY 1$$,
    $$VALUES ('A1', 'A'), ('A2', 'A1'), ('C', 'VN'), ('VN', NULL)$$, 'asked of as of a day a unit stands where it stood then');
CREATE OR REPLACE VIEW pulse.today AS SELECT '2025-08-01'::date AS today;

-- People: 10 in A1, 20 in A2, 3 in A, 5 in B, 7 in B1, 2 in X1, of whom half, rounded down, passed; 4 on no roster.
INSERT INTO pulse.trainings (config_version, training) VALUES (1, 'T');
INSERT INTO pulse.waves VALUES (1, 'W', 'T', '2024-03-01', '2024-03-31', false);
INSERT INTO gen_1.tallies
SELECT k.scope, k.training, k.wave, k.year, '', p.unit, '', n, n, 0, n, n, 0, n, n / 2, n - n / 2, 0, 0, CASE k.scope WHEN 'year' THEN 1 ELSE 0 END
  FROM (VALUES ('wave', 'T', 'W', 0), ('training', 'T', '', 0), ('all', '', '', 0), ('year', '', '', 2024)) k (scope, training, wave, year),
       (VALUES ('A1', 10), ('A2', 20), ('A', 3), ('B', 5), ('B1', 7), ('X1', 2)) p (unit, n);
INSERT INTO gen_1.tallies VALUES ('training', 'T', '', 0, '', '', '', 0, 4, 0, 4, 4, 0, 4, 4, 0, 0, 4);

SELECT results_eq(
    $$SELECT unit COLLATE "default", parent COLLATE "default", level, registered, passed, pass_rate_registered FROM bi.unit_rollup_training
       WHERE training = 'T' AND tree = 'management' AND version_from IS NULL ORDER BY 1$$,
    $$VALUES ('A', 'VN', 1, 33::bigint, 16::bigint, 16::numeric / 33), ('A1', 'A', 2, 30, 15, 0.5), ('A2', 'A1', 3, 20, 10, 0.5),
             ('B', 'VN', 1, 12, 5, 5::numeric / 12), ('B1', 'B', 2, 7, 3, 3::numeric / 7), ('C', 'VN', 1, 2, 1, 0.5),
             ('VN', NULL, 0, 47, 22, 22::numeric / 47), ('X1', 'C', 2, 2, 1, 0.5)$$,
    'the sums of the first tree');
SELECT results_eq(
    $$SELECT unit COLLATE "default", parent COLLATE "default", level, registered, passed FROM bi.unit_rollup_training
       WHERE training = 'T' AND tree = 'management' AND is_current ORDER BY 1$$,
    $$VALUES ('A1', 'C', 2, 10::bigint, 5::bigint), ('A2', 'C', 2, 20, 10), ('B1', 'C', 2, 7, 3), ('C', 'VN', 1, 47, 22),
             ('VN', NULL, 0, 47, 22), ('X1', 'C', 2, 2, 1)$$,
    'the same people in today''s tree');
SELECT results_eq(
    $$SELECT day, (SELECT registered FROM bi.unit_rollup_training_on(day, 'management') WHERE unit = 'A1'),
             (SELECT registered FROM bi.unit_rollup_on(day) WHERE unit = 'A'),
             (SELECT registered FROM bi.unit_rollup_training_on(day) WHERE unit = 'C')
        FROM (VALUES ('1990-01-01'::date), ('2024-12-31'), ('2025-01-01'), ('2025-06-30'), ('2025-07-01'), ('2090-01-01')) d (day)$$,
    $$VALUES ('1990-01-01'::date, 30::bigint, 33::bigint, 2::bigint), ('2024-12-31', 30, 33, 2), ('2025-01-01', 10, 33, 2),
             ('2025-06-30', 10, 33, 2), ('2025-07-01', 10, NULL, 47), ('2090-01-01', 10, NULL, 47)$$,
    'the functions show the tree of any day');
SELECT is((SELECT count(*)::integer FROM bi.unit_rollup_on('2025-06-30', 'territory')), 6,
          'in a tree without lines each unit stands alone');
SELECT is((SELECT registered FROM bi.unit_rollup_all WHERE tree = 'management' AND unit = 'VN' AND is_current), 47::bigint,
          'all trainings roll up');
SELECT row_eq($$SELECT registered, first_time, repeat FROM bi.unit_rollup_year WHERE tree = 'management' AND unit = 'C' AND is_current
                  AND year = 2024$$, ROW(47::bigint, 6::bigint, 41::bigint), 'so do years');
SELECT is((SELECT array_agg(DISTINCT version_from ORDER BY version_from) FROM bi.unit_rollup WHERE tree = 'management'),
          ARRAY['2025-01-01', '2025-07-01', NULL]::date[], 'open ends are empty, no infinity');
SELECT is((SELECT count(*)::integer FROM bi.unit_rollup WHERE tree = 'management' AND version_to IS NULL AND NOT is_current), 0,
          'the tree without an end is the current one');

-- Data issues and paths.
SELECT results_eq(
    $$SELECT kind COLLATE "default", unit COLLATE "default", detail COLLATE "default", count FROM bi.data_issues ORDER BY 1$$,
    $$VALUES ('unit_ended', 'B1', NULL, 7), ('unit_split', 'A1', 'X1 | X2', 10)$$, 'who was split or ended without an heir is an issue');
SELECT is((SELECT unit_path::text FROM bi.units WHERE unit = 'A2'), 'Nước › Tỉnh C › Trường A2', 'the path is that of today');
UPDATE pulse.units SET valid_to = NULL WHERE unit = 'B1';
DELETE FROM pulse.unit_successors WHERE unit = 'A1' AND successor = 'X2';
DO 'BEGIN PERFORM pulse.rebuild_unit_paths(); END';
SELECT is((SELECT count(*)::integer FROM bi.data_issues), 0, 'they go when the labels say who took over');
SELECT is((SELECT registered FROM bi.unit_rollup_training_on('2025-07-01') WHERE unit = 'X1'), 12::bigint,
          'and the people count in the single heir');

-- A chain of heirs, and an above that ended: D under the district A1, A1's heir X1 merged into X2 later.
INSERT INTO pulse.units (unit, name, printed_name, kind, parent, print_order) VALUES ('D', 'Thôn D', 'Thôn D', 'thon', 'A1', 1);
INSERT INTO pulse.unit_lines (unit, tree, above) VALUES ('D', 'management', 'A1');
INSERT INTO pulse.unit_successors VALUES ('X1', 'X2');
UPDATE pulse.units SET valid_to = '2025-07-15' WHERE unit = 'X1';
DO 'BEGIN PERFORM pulse.rebuild_unit_paths(); END';
SELECT results_eq(
    $$SELECT version_from, unit COLLATE "default", string_agg(ancestor, ' ' ORDER BY distance) COLLATE "default" FROM pulse.unit_paths
       WHERE tree = 'management' AND version_from >= '2025-07-01' AND unit IN ('A1', 'D') GROUP BY 1, 2 ORDER BY 1, 2$$,
    $$VALUES ('2025-07-01'::date, 'A1', 'X1 C VN'), ('2025-07-01', 'D', 'D X1 C VN'), ('2025-07-16', 'A1', 'X2 C VN'),
             ('2025-07-16', 'D', 'D X2 C VN')$$,
    'an heir''s heir, for the unit itself and as the unit above another');
SELECT is((SELECT count(*)::integer FROM bi.unit_rollup_training_on('2025-07-16') WHERE unit = 'X1'), 0, 'who was taken over has no row');

SELECT * FROM finish();
ROLLBACK;
