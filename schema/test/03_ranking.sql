-- Appendix 2: 28 waves of 27 provinces in the printed order, by exact fractions; no result is not zero.
BEGIN;
\ir support/hagiang.psql
SELECT plan(13);

SELECT results_eq(
    $$SELECT "position"::integer, printed_name COLLATE "default", registered, passed,
             replace(round(100 * pass_rate_registered, 1)::text, '.', ',') || '%'
        FROM bi.province_ranking WHERE training = 'DA06-2023' ORDER BY "position"$$,
    'SELECT * FROM printed_provinces ORDER BY no',
    '28 rows, in the printed order, equal the printed ones');
SELECT is((SELECT count(*)::integer FROM bi.province_ranking WHERE passed IS NULL AND pass_rate_registered IS NULL
              AND rank_pass_rate IS NULL), 13, '13 have no result');
SELECT row_eq($$SELECT province_registered, province_rank_registered, provinces FROM bi.province_ranking
                 WHERE wave = 'DA06-2023-HG'$$,
              ROW(2716::bigint, 4::bigint, 27::bigint), 'Hà Giang is 4th of 27 by people registered');
SELECT results_eq($$SELECT wave COLLATE "default", province_registered, province_rank_registered FROM bi.province_ranking
                     WHERE province = 'T-NA' ORDER BY wave$$,
                  $$VALUES ('DA06-2023-NA', 1853::bigint, 12::bigint), ('DA06-2023-NA2', 1853, 12)$$,
                  'a province with two waves counts once');
SELECT is((SELECT array_agg(source ORDER BY source) FROM (SELECT DISTINCT source FROM bi.province_ranking) s),
          ARRAY['counted', 'published'], 'each row says how it is known');

-- Equal fractions share a rank, and the next one is skipped; a difference in the twentieth digit counts.
UPDATE gen_1.totals SET registered = 3000000000, passed = 1000000000 WHERE wave = 'DA06-2023-KH';
UPDATE gen_1.totals SET registered = 3, passed = 1 WHERE wave = 'DA06-2023-TB';
UPDATE gen_1.totals SET registered = 2999999999, passed = 1000000000 WHERE wave = 'DA06-2023-BG';
SELECT results_eq(
    $$SELECT wave COLLATE "default", rank_pass_rate FROM bi.province_ranking
       WHERE wave IN ('DA06-2023-KH', 'DA06-2023-TB', 'DA06-2023-BG') ORDER BY "position"$$,
    $$VALUES ('DA06-2023-BG', 13::bigint), ('DA06-2023-KH', 14), ('DA06-2023-TB', 14)$$, 'ranks use exact fractions');

-- A counted wave without anybody at the exam has no result either.
UPDATE gen_1.tallies SET sat = 0, passed = 0;
SELECT row_eq($$SELECT registered, passed, pass_rate_registered FROM bi.province_ranking WHERE wave = 'DA06-2023-HG'$$,
              ROW(2716::bigint, NULL::bigint, NULL::numeric), 'nobody sat: no result');
UPDATE gen_1.tallies SET sat = 1 WHERE unit = 'HG-STP';
SELECT is((SELECT passed FROM bi.province_ranking WHERE wave = 'DA06-2023-HG'), 0::bigint, 'somebody sat: the result is zero');
DELETE FROM gen_1.tallies;
SELECT is((SELECT registered FROM bi.province_ranking WHERE wave = 'DA06-2023-HG'), NULL::bigint, 'no list: not known, not zero');

-- A wave that is counted is never mixed with totals published for it; of several totals the newest holds.
INSERT INTO gen_1.totals VALUES (gen_random_uuid(), 'DA06-2023-HG', true, 9999, 9999, 'x', now(), 'f', 's', 1, 1, 1);
SELECT is((SELECT registered FROM bi.province_ranking WHERE wave = 'DA06-2023-HG'), NULL::bigint, 'never mixed');
INSERT INTO gen_1.totals VALUES
    (gen_random_uuid(), 'DA06-2023-HP', true, 4000, 1000, 'x', '2023-11-01 00:00:00+07', 'f', 's', 1, 1, 1),
    (gen_random_uuid(), 'DA06-2023-HP', false, 5000, 2000, 'x', '2023-12-01 00:00:00+07', 'f', 's', 1, 1, 1);
SELECT row_eq($$SELECT registered, passed, pass_rate_registered FROM bi.province_ranking WHERE wave = 'DA06-2023-HP'$$,
              ROW(4000::bigint, 1000::bigint, 0.25::numeric), 'the newest published totals hold');
SELECT is((SELECT count(*)::integer FROM bi.published_totals WHERE wave = 'DA06-2023-HP'), 2, 'withdrawn totals are gone');
SELECT is((SELECT count(*)::integer FROM bi.published_totals WHERE is_current), 28, 'one of each wave is current');

SELECT * FROM finish();
ROLLBACK;
