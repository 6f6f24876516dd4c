-- Ranks of provinces by hand: registered, participation and pass rate; exact ties; no result is last and has no rank.
BEGIN;
\ir support/empty.psql
SELECT plan(8);

INSERT INTO pulse.trainings (config_version, training) VALUES (1, 'T'), (1, 'V');
INSERT INTO pulse.units (unit, name, printed_name, kind, print_order) SELECT 'P' || n, 'Tỉnh ' || n, 'Tỉnh ' || n, 'tinh', n FROM generate_series(1, 7) n;
INSERT INTO pulse.waves SELECT 1, w, CASE w WHEN 'V1' THEN 'V' ELSE 'T' END, NULL, NULL, w = 'W7'
  FROM unnest(ARRAY['W1', 'W2', 'W3', 'W4', 'W5', 'W6', 'W6b', 'W7', 'V1']) w;
INSERT INTO pulse.wave_labels SELECT wave, 'P' || substr(wave, 2, 1), 'Đợt ' || wave, 'Đợt ' || wave, 1 FROM pulse.waves;
DO 'BEGIN PERFORM pg_temp.labels_changed(); END';
-- W1 1/3; W2 2/6, in two units; W3 a billion of three billion and one; W4 a list without results; W5 no list;
-- province 6: W6 5/10, W6b a list of 10 without results; W7 published 3/9, participation unknown.
INSERT INTO gen_1.tallies
SELECT 'wave', 'T', wave, 0, '', unit, '', registered, registered, 0, registered, participated, 0, sat, passed, sat - passed, 0, 0
  FROM (VALUES ('W1', 'P1', 3, 1, 1, 1), ('W2', 'P2', 4, 2, 2, 1), ('W2', 'P1', 2, 0, 1, 1), ('W3', 'P3', 3000000001, 1000000000, 1000000000, 1000000000),
               ('W4', 'P4', 10, 0, 0, 0), ('W6', 'P6', 10, 5, 5, 5), ('W6b', 'P6', 10, 0, 0, 0)) v (wave, unit, registered, participated, sat, passed);
INSERT INTO gen_1.totals VALUES (gen_random_uuid(), 'W7', true, 9, 3, 'x', '2024-01-01 00:00Z', 'f', 's', 1, 1, 1);
SELECT results_eq(
    $$SELECT "position", wave COLLATE "default", registered, passed, rank_pass_rate, rank_registered FROM bi.province_ranking WHERE training = 'T' ORDER BY 1$$,
    $$VALUES (1::bigint, 'W6', 10::bigint, 5::bigint, 1::bigint, 2::bigint), (2, 'W7', 9, 3, 2, 5), (3, 'W2', 6, 2, 2, 6), (4, 'W1', 3, 1, 2, 7),
             (5, 'W3', 3000000001, 1000000000, 5, 1), (6, 'W4', 10, NULL, NULL, 2), (7, 'W6b', 10, NULL, NULL, 2), (8, 'W5', NULL, NULL, NULL, NULL)$$,
    '1/3, 2/6 and 3/9 are the same, a billion of three billion and one is less; no result comes last');
SELECT results_eq(
    $$SELECT wave COLLATE "default", participated, rank_participation FROM bi.province_ranking WHERE training = 'T' ORDER BY 1$$,
    $$VALUES ('W1', 1::bigint, 2::bigint), ('W2', 2, 2), ('W3', 1000000000, 4), ('W4', NULL, NULL), ('W5', NULL, NULL), ('W6', 5, 1), ('W6b', NULL, NULL),
             ('W7', NULL, NULL)$$, 'participation');
SELECT results_eq(
    $$SELECT DISTINCT province COLLATE "default", province_registered, province_rank_registered, province_passed, province_rank_pass_rate, province_participated,
             province_rank_participation, provinces FROM bi.province_ranking WHERE training = 'T' ORDER BY 1$$,
    $$VALUES ('P1', 3::bigint, 6::bigint, 1::bigint, 2::bigint, 1::bigint, 2::bigint, 6::bigint), ('P2', 6, 5, 2, 2, 2, 2, 6),
             ('P3', 3000000001, 1, 1000000000, 5, 1000000000, 4, 6), ('P4', 10, 3, NULL, NULL, NULL, NULL, 6), ('P5', NULL, NULL, NULL, NULL, NULL, NULL, NULL),
             ('P6', 20, 2, 5, 1, 5, 1, 6), ('P7', 9, 4, 3, 2, NULL, NULL, 6)$$,
    'provinces: waves added up, each takes one place');
SELECT row_eq($$SELECT province_pass_rate_registered, province_participation_rate FROM bi.province_ranking WHERE wave = 'W6b'$$,
              ROW(0.5::numeric, 0.5::numeric), 'a wave without result takes no part in its province''s rate');
-- Published: 8 passed, of how many is not said. The province has 8 more who passed, and its rate is that of the others.
INSERT INTO pulse.waves VALUES (1, 'W7b', 'T', NULL, NULL, true);
INSERT INTO pulse.wave_labels VALUES ('W7b', 'P7', 'Đợt W7b', 'Đợt W7b', 1);
INSERT INTO gen_1.totals VALUES (gen_random_uuid(), 'W7b', true, NULL, 8, 'x', '2024-01-01 00:00Z', 'f', 's', 2, 1, 1);
SELECT results_eq(
    $$SELECT wave COLLATE "default", passed, province_registered, province_passed, round(province_pass_rate_registered, 6), province_rank_pass_rate
        FROM bi.province_ranking WHERE province = 'P7' ORDER BY 1$$,
    $$VALUES ('W7', 3::bigint, 9::bigint, 11::bigint, 0.333333, 2::bigint), ('W7b', 8, 9, 11, 0.333333, 2)$$,
    'who passed of an unknown number takes no part in the rate of the others');
DELETE FROM pulse.wave_labels WHERE wave = 'W7b';
DELETE FROM pulse.waves WHERE wave = 'W7b';
DELETE FROM gen_1.totals WHERE wave = 'W7b';
SELECT is((SELECT array_agg(source ORDER BY wave) FROM bi.province_ranking WHERE training = 'T'),
          ARRAY['counted', 'counted', 'counted', 'counted', 'counted', 'counted', 'counted', 'published'], 'how a row is known');
SELECT row_eq($$SELECT "position", rank_pass_rate, provinces FROM bi.province_ranking WHERE training = 'V'$$,
              ROW(1::bigint, NULL::bigint, NULL::bigint), 'each training ranks by itself');
-- Somebody took part and nobody sat: a participation rate, no pass rate.
INSERT INTO gen_1.tallies VALUES ('wave', 'V', 'V1', 0, '', 'P1', '', 4, 4, 0, 4, 2, 0, 0, 0, 0, 0, 0);
SELECT row_eq($$SELECT passed, pass_rate_registered, participation_rate, rank_participation FROM bi.province_ranking WHERE training = 'V'$$,
              ROW(NULL::bigint, NULL::numeric, 0.5::numeric, 1::bigint), 'nobody sat yet');

SELECT * FROM finish();
ROLLBACK;
