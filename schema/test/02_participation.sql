-- Appendix 1 of the Hà Giang report: the rates of all 33 rows, computed from the counts, equal the printed ones.
BEGIN;
\ir support/hagiang.psql
SELECT plan(23);

CREATE FUNCTION pg_temp.printed(rate numeric) RETURNS text LANGUAGE sql AS
$$SELECT replace(round(100 * rate, 1)::text, '.', ',') || '%'$$;

SELECT is((SELECT count(*)::integer FROM bi.participation WHERE wave = 'DA06-2023-HG'), 33, '33 units');
SELECT results_eq(
    $$SELECT print_order, printed_name COLLATE "default", registered, accounts, pg_temp.printed(account_rate), participated,
             pg_temp.printed(participation_rate), passed, not_passed, pg_temp.printed(pass_rate_registered),
             pg_temp.printed(pass_rate_participants)
        FROM bi.participation WHERE wave = 'DA06-2023-HG' ORDER BY print_order$$,
    'SELECT * FROM printed_units ORDER BY no',
    'counts and rates of all 33 rows are the printed ones');
SELECT row_eq(
    $$SELECT sum(registered)::bigint, sum(accounts)::bigint, sum(participated)::bigint, sum(passed)::bigint, sum(not_passed)::bigint,
             pg_temp.printed(sum(accounts) / sum(registered)), pg_temp.printed(sum(passed) / sum(participated))
        FROM bi.participation WHERE wave = 'DA06-2023-HG'$$,
    ROW(2716::bigint, 2287::bigint, 2103::bigint, 2072::bigint, 644::bigint, '84,2%'::text, '98,5%'::text),
    'the printed totals');
SELECT is((SELECT pass_rate_accounts FROM bi.participation WHERE unit = 'HG-XINMAN'), 61::numeric / 106,
          'the rate by accounts is another figure than the printed last column');
SELECT is((SELECT pg_temp.printed(participation_rate) FROM bi.participation WHERE unit = 'HG-QUANBA'), '91,3%',
          '73/80 = 91.25 % rounds away from zero');
SELECT is((SELECT wave_name::text FROM bi.participation WHERE unit = 'HG-SYTE'), 'Đào tạo trực tuyến MOOC Đề án 06, Hà Giang',
          'waves have names');
SELECT is((SELECT begins FROM bi.participation WHERE unit = 'HG-SYTE'), '2023-09-20'::date, 'days are dates');

-- Study groups add up to their unit; a group's row is not a unit's row.
INSERT INTO gen_1.tallies VALUES
    ('wave', 'DA06-2023', 'DA06-2023-HG', 0, '', 'HG-STP', '7', 3, 2, 2, 2, 1, 1, 1, 1, 0, 1, 0),
    ('wave', 'DA06-2023', 'DA06-2023-HG', 0, '', 'HG-STP', '8', 5, 5, 5, 5, 5, 5, 4, 3, 1, 2, 0);
SELECT row_eq($$SELECT registered, accounts, activated, enrolled, participated, completed, sat, passed, failed, certified
                  FROM bi.participation WHERE unit = 'HG-STP'$$,
              ROW(12::bigint, 11::bigint, 7::bigint, 11::bigint, 9::bigint, 6::bigint, 8::bigint, 7::bigint, 1::bigint, 6::bigint),
              'groups are added up');

-- People on no roster have a row of their own and no rates.
INSERT INTO gen_1.tallies VALUES ('training', 'DA06-2023', '', 0, '', '', '', 0, 4, 0, 4, 3, 0, 2, 2, 0, 1, 4);
SELECT row_eq($$SELECT training COLLATE "default", wave COLLATE "default", unit COLLATE "default", unit_name COLLATE "default", registered, not_registered, passed, not_passed, pass_rate_participants
                  FROM bi.participation WHERE unit IS NULL$$,
              ROW('DA06-2023'::text, NULL::text, NULL::text, 'Ngoài danh sách'::text, 0::bigint, 4::bigint, 2::bigint, NULL::bigint, NULL::numeric),
              'not_registered is a row of its own');
SELECT is((SELECT sum(not_registered)::integer FROM bi.participation WHERE unit IS NOT NULL), 0, 'and in no unit');

-- Plans.
INSERT INTO pulse.targets (target, wave, training, unit, measure, planned) VALUES
    ('DA06-2023-HG/HG-STP', 'DA06-2023-HG', '', 'HG-STP', 'registered', 24),
    ('DA06-2023-HG/HG-CAT', 'DA06-2023-HG', '', 'HG-CAT', 'registered', 9),
    ('DA06-2023-HG/HG', 'DA06-2023-HG', '', 'HG', 'registered', 40);
DO 'BEGIN PERFORM pulse.rebuild_plans(); END';
SELECT row_eq($$SELECT planned, registered, plan_rate FROM bi.participation WHERE unit = 'HG-STP'$$,
              ROW(24::bigint, 12::bigint, 0.5::numeric), 'planned and its rate');
SELECT row_eq($$SELECT planned, registered, list_received, participation_rate FROM bi.participation WHERE unit = 'HG'$$,
              ROW(40::bigint, NULL::bigint, false, NULL::numeric), 'a planned unit without a list appears; no list is not zero people');
SELECT is((SELECT array_agg(DISTINCT coalesce(accounts, participated, passed, not_passed, certified)) FROM bi.participation WHERE unit = 'HG'),
          ARRAY[NULL::bigint], 'nor are its other measures');
SELECT is((SELECT count(*)::integer FROM bi.participation WHERE planned IS NOT NULL), 3, 'no plan is not a plan of zero');

-- Other scopes.
INSERT INTO gen_1.tallies VALUES
    ('training', 'DA06-2023', '', 0, '', 'HG-STP', '', 10, 9, 0, 0, 8, 0, 0, 4, 0, 0, 0),
    ('all', '', '', 0, '', 'HG-STP', '', 20, 18, 0, 0, 16, 0, 0, 8, 0, 0, 0),
    ('year', '', '', 2023, '', 'HG-STP', '', 15, 10, 0, 0, 5, 0, 0, 3, 0, 0, 0);
SELECT row_eq($$SELECT training COLLATE "default", unit COLLATE "default", planned, registered, pass_rate_registered FROM bi.participation_training
                 WHERE unit = 'HG-STP'$$,
              ROW('DA06-2023'::text, 'HG-STP'::text, 24::bigint, 10::bigint, 4::numeric / 10), 'the training has its own count');
SELECT row_eq($$SELECT unit COLLATE "default", planned, registered, pass_rate_participants FROM bi.participation_all WHERE unit = 'HG-STP'$$,
              ROW('HG-STP'::text, 24::bigint, 20::bigint, 0.5::numeric), 'so has all');
SELECT row_eq($$SELECT year, unit COLLATE "default", planned, registered, pass_rate_accounts FROM bi.participation_year WHERE unit = 'HG-STP'$$,
              ROW(2023::smallint, 'HG-STP'::text, 24::bigint, 15::bigint, 0.3::numeric), 'and the year; a plan counts in the wave''s year');

-- A name that the reference data does not know shows its code and is lost nowhere.
INSERT INTO gen_1.tallies VALUES ('wave', 'DA06-2023', 'DA06-2023-HG', 0, '', 'HG-NEW', '', 2, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0);
SELECT is((SELECT unit_name::text FROM bi.participation WHERE unit = 'HG-NEW'), 'HG-NEW', 'an unknown unit shows its code');
SELECT is((SELECT registered FROM bi.unit_rollup WHERE unit = 'HG-NEW' AND tree = 'territory'), 2::bigint, 'and rolls up by itself');

-- Vietnamese order, without saying so in the query.
SELECT results_eq(
    $$SELECT unit_name COLLATE "default" FROM bi.units
       WHERE unit IN ('HG-SYTE', 'HG-STP', 'HG-SXD', 'HG-SNV', 'HG-TINHDOAN', 'HG-THANHTRA', 'HG-DONGVAN', 'HG-BACME') ORDER BY units.unit_name$$,
    ARRAY['Huyện Bắc Mê', 'Huyện Đồng Văn', 'Sở Nội vụ', 'Sở Tư pháp', 'Sở Xây dựng', 'Sở Y tế', 'Thanh tra tỉnh Hà Giang', 'Tỉnh đoàn'],
    'units sort as Vietnamese');
SELECT results_eq(
    $$SELECT province_name COLLATE "default" FROM bi.province_ranking
       WHERE wave IN ('DA06-2023-DT', 'DA06-2023-BD', 'DA06-2023-HG', 'DA06-2023-BDI', 'DA06-2023-HAG', 'DA06-2023-YB', 'DA06-2023-HT')
       ORDER BY province_ranking.province_name$$,
    ARRAY['Bình Dương', 'Bình Định', 'Đồng Tháp', 'Hà Giang', 'Hà Tĩnh', 'Hậu Giang', 'Yên Bái'],
    'd before đ, a before â');
SELECT is((SELECT ARRAY['Sở Y tế' < 'Sở y tá' COLLATE "vi-x-icu", 'đ' > 'dz' COLLATE "vi-x-icu"]), ARRAY[false, true],
          'the collation is the Vietnamese one');
SELECT is((SELECT aliases::text FROM bi.units WHERE unit = 'HG-SYTE'), 'Ngành Y tế | Sở Y tế tỉnh Hà Giang | SYT',
          'units show their aliases in Vietnamese order');

SELECT * FROM finish();
ROLLBACK;
