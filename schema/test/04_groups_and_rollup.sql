-- Study groups, and sums over the trees of units.
BEGIN;
\ir support/hagiang.psql
SELECT plan(12);

-- Ten groups with the printed participation rates (sizes made up to fit).
DELETE FROM gen_1.tallies;
INSERT INTO gen_1.tallies
SELECT 'wave', 'DA06-2023', 'DA06-2023-HG', 0, '', unit, g, registered, participated, 0, 0, participated, 0, 0, 0, 0, 0, 0
  FROM (VALUES ('HG-SYTE', '17', 18, 0), ('HG-SYTE', '153', 35, 2), ('HG-SYTE', '15', 20, 2), ('HG-SYTE', '9', 49, 5),
               ('HG-XINMAN', '26', 16, 0), ('HG-XINMAN', '27', 17, 0), ('HG-XINMAN', '30', 14, 0), ('HG-XINMAN', '28', 16, 2),
               ('HG-XINMAN', '32', 24, 3), ('HG-XINMAN', '31', 19, 3), ('HG-XINMAN', '33', 20, 4)) v (unit, g, registered, participated);
SELECT is((SELECT count(*)::integer FROM bi.group_status WHERE participation_rate < 0.2), 10, '10 groups below 20 %, 20 % is not');
SELECT is((SELECT count(*)::integer FROM bi.group_status WHERE participation_rate = 0), 4, '4 of them at 0 %');
CREATE TEMPORARY TABLE printed_groups (unit text, study_group text, rate text) ON COMMIT DROP;
\copy printed_groups FROM '../tests/data/hagiang_2023_groups_under_20pct.csv' WITH (FORMAT csv, HEADER)
SELECT set_eq(
    $$SELECT printed_name COLLATE "default", study_group COLLATE "default", round(100 * participation_rate, 1)
        FROM bi.group_status WHERE participation_rate < 0.2$$,
    $$SELECT unit, study_group, replace(trim('%' FROM rate), ',', '.')::numeric FROM printed_groups$$,
    'their rates are the printed ones');
SELECT results_eq($$SELECT study_group COLLATE "default" FROM bi.group_status WHERE unit = 'HG-SYTE' ORDER BY group_order$$,
                  ARRAY['9', '15', '17', '153'], 'groups sort by number');
SELECT is((SELECT count(*)::integer FROM bi.groups), 11, 'bi.groups lists them');
INSERT INTO gen_1.tallies VALUES ('wave', 'DA06-2023', 'DA06-2023-HG', 0, '', 'HG-STP', '', 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
SELECT is((SELECT count(*)::integer FROM bi.group_status), 11, 'no group is not a group');

-- The province holds what its units hold.
INSERT INTO pulse.units (unit, name, printed_name, kind, parent, territory, print_order) VALUES
    ('HG-XINMAN-PGD', 'Phòng GD&ĐT Xín Mần', 'Phòng GD&ĐT Xín Mần', 'nganh', 'HG-SGDDT', 'HG-XINMAN', 1),
    ('HG-XINMAN-TH1', 'Trường Tiểu học Cốc Pài', 'Trường Tiểu học Cốc Pài', 'truong', 'HG-XINMAN-PGD', 'HG-XINMAN', 2);
DO 'BEGIN PERFORM pg_temp.labels_changed(); END';
DELETE FROM gen_1.tallies;
INSERT INTO gen_1.tallies
SELECT 'wave', 'DA06-2023', 'DA06-2023-HG', 0, '', unit, '', registered, 0, 0, 0, participated, 0, 0, passed, 0, 0, 0
  FROM (VALUES ('HG-SGDDT', 100, 50, 20), ('HG-XINMAN-PGD', 10, 5, 2), ('HG-XINMAN-TH1', 7, 4, 1), ('HG-XINMAN', 1000, 500, 200),
               ('HG', 1, 1, 1), ('', 0, 3, 3)) v (unit, registered, participated, passed);
INSERT INTO pulse.targets (target, wave, training, unit, measure, planned) VALUES
    ('DA06-2023-HG/HG-XINMAN-TH1', 'DA06-2023-HG', '', 'HG-XINMAN-TH1', 'registered', 14);
DO 'BEGIN PERFORM pulse.rebuild_plans(); END';
SELECT results_eq(
    $$SELECT unit COLLATE "default", level, registered, participated, passed FROM bi.unit_rollup
       WHERE tree = 'management' ORDER BY level, unit COLLATE "C"$$,
    $$VALUES ('HG', 0, 1118::bigint, 560::bigint, 224::bigint), ('HG-SGDDT', 1, 117, 59, 23), ('HG-XINMAN', 1, 1000, 500, 200),
             ('HG-XINMAN-PGD', 2, 17, 9, 3), ('HG-XINMAN-TH1', 3, 7, 4, 1)$$,
    'by line of management: school -> Phòng -> Sở -> province');
SELECT results_eq(
    $$SELECT unit COLLATE "default", registered FROM bi.unit_rollup WHERE tree = 'territory' ORDER BY level, unit COLLATE "C"$$,
    $$VALUES ('HG', 1118::bigint), ('HG-SGDDT', 100), ('HG-XINMAN', 1017), ('HG-XINMAN-PGD', 10), ('HG-XINMAN-TH1', 7)$$,
    'by territory the same people are the district''s');
SELECT is((SELECT pass_rate_registered FROM bi.unit_rollup WHERE tree = 'territory' AND unit = 'HG-XINMAN'), 203::numeric / 1017,
          'rates are of the sums');
SELECT row_eq($$SELECT planned, plan_rate FROM bi.unit_rollup WHERE tree = 'management' AND unit = 'HG-XINMAN-PGD'$$,
              ROW(NULL::bigint, NULL::numeric), 'the school''s plan is none for the people of the Phòng itself');
SELECT is((SELECT parent::text FROM bi.unit_rollup WHERE tree = 'territory' AND unit = 'HG-XINMAN-TH1'), 'HG-XINMAN',
          'each row names the unit above in its tree');

-- A cycle, which config load refuses, must not hang a BI tool.
UPDATE pulse.units SET parent = 'HG-XINMAN-TH1' WHERE unit = 'HG-SGDDT';
DO 'BEGIN PERFORM pg_temp.labels_changed(); END';
SELECT lives_ok('SELECT count(*) FROM bi.unit_rollup', 'a cycle of units ends');

SELECT * FROM finish();
ROLLBACK;
