-- A login that is limited to units sees no figure of another one: in no view, by no function, and not by what its own conditions tell.
BEGIN;
\ir support/two_provinces.psql
CREATE OR REPLACE VIEW pulse.today AS SELECT '2024-03-12'::date AS today;
SELECT no_plan();

CREATE FUNCTION pg_temp.login(name text, units text[]) RETURNS void LANGUAGE sql AS $$
SELECT pulse.add_bi_login(name, 'SCRAM-SHA-256$4096:W22ZaJ0SNY7soEsUEjb6gQ==$WG5d8oPm3OtcPnkdi4Uo7BkeZkBFzpcXkuLmtbsT4qY=:wfPLwcE6nTWhTAmQ7tl2KeoiWGPlZqQxSrmfPwDl2dU=', units) $$;
SELECT pg_temp.login('pgtap_a', '{P-A}'), pg_temp.login('pgtap_p', '{P}'), pg_temp.login('pgtap_two', '{P-B,Q-A}'), pg_temp.login('pgtap_all', '{}');

-- Every view as that reader: its rows as JSON.
CREATE FUNCTION pg_temp.rows_of(reader text) RETURNS TABLE (shown text, r jsonb) LANGUAGE plpgsql AS $$
BEGIN
    FOR shown IN SELECT relname FROM pg_class WHERE relnamespace = 'bi'::regnamespace AND relkind = 'v' ORDER BY 1 LOOP
        EXECUTE format('SET LOCAL ROLE %I', reader);
        FOR r IN EXECUTE format('SELECT to_jsonb(v) FROM bi.%I v', shown) LOOP
            RETURN NEXT;
        END LOOP;
        RESET ROLE;
    END LOOP;
END $$;
CREATE TEMPORARY TABLE seen ON COMMIT DROP AS
SELECT reader, s.shown, s.r FROM unnest(ARRAY['mooc_writer', 'pgtap_all', 'pgtap_a', 'pgtap_p', 'pgtap_two']) reader, pg_temp.rows_of(reader) s;

-- Nobody's figures: names and orders, and how far sources were read. closed_figures has a test of its own.
CREATE TEMPORARY TABLE open_views ON COMMIT DROP AS
SELECT unnest(ARRAY['units', 'trainings', 'waves', 'groups', 'audiences', 'inviters', 'calendar', 'generation', 'dictionary', 'freshness',
                    'training_freshness', 'closed_figures']) AS shown;
SELECT is_empty($$SELECT relname FROM pg_class WHERE relnamespace = 'bi'::regnamespace AND relname <> 'closed_figures'
                  EXCEPT SELECT shown FROM seen WHERE reader = 'mooc_writer'$$, 'every view has rows here');
SELECT is_empty($$SELECT c.relname FROM pg_class c WHERE c.relnamespace = 'bi'::regnamespace
                   AND c.relname NOT IN (SELECT shown FROM open_views) AND NOT 'security_barrier=true' = ANY (coalesce(c.reloptions, '{}'))$$,
                'views of figures are security barriers');
SELECT is_empty($$(SELECT shown, r - 'age' FROM seen WHERE reader = 'mooc_writer' EXCEPT ALL SELECT shown, r - 'age' FROM seen WHERE reader = 'pgtap_all')
                  UNION ALL
                  (SELECT shown, r - 'age' FROM seen WHERE reader = 'pgtap_all' EXCEPT ALL SELECT shown, r - 'age' FROM seen WHERE reader = 'mooc_writer')$$,
                'a login without grants sees what the service sees');
SELECT is_empty($$SELECT shown, r - 'age' - 'reader_units' FROM seen WHERE reader LIKE 'pgtap%'
                  EXCEPT SELECT shown, r - 'age' - 'reader_units' FROM seen WHERE reader = 'mooc_writer'$$,
                'what is seen is as it is for all: ranks and totals are not worked out anew');
SELECT set_eq($$SELECT reader, r ->> 'reader_units' FROM seen WHERE shown = 'generation'$$,
              $$VALUES ('mooc_writer', NULL), ('pgtap_all', NULL), ('pgtap_a', 'P-A'), ('pgtap_p', 'P'), ('pgtap_two', 'P-B,Q-A')$$,
              'each is told its own units, and nobody another''s');

-- Whose: the unit's, else the wave's province's, else the province's.
CREATE TEMPORARY TABLE granted (reader text, unit text) ON COMMIT DROP;
INSERT INTO granted VALUES ('pgtap_a', 'P-A'), ('pgtap_a', 'P-A1'), ('pgtap_p', 'P'), ('pgtap_p', 'P-A'), ('pgtap_p', 'P-A1'), ('pgtap_p', 'P-B'),
    ('pgtap_two', 'P-B'), ('pgtap_two', 'Q-A');
CREATE FUNCTION pg_temp.whose(r jsonb) RETURNS text LANGUAGE sql AS $$
SELECT CASE WHEN r ->> 'unit' <> '' THEN r ->> 'unit' WHEN r ->> 'wave' IS NOT NULL THEN (SELECT province FROM pulse.wave_labels WHERE wave = r ->> 'wave')
       END $$;
SELECT is_empty($$SELECT s.reader, s.shown, s.r FROM seen s WHERE s.reader IN (SELECT reader FROM granted) AND s.shown NOT IN (SELECT shown FROM open_views)
                   AND NOT EXISTS (SELECT FROM granted g WHERE g.reader = s.reader AND g.unit = pg_temp.whose(s.r))$$,
                'no row that is not its own');
SELECT is_empty($$SELECT s.reader, s.shown, s.r FROM seen s JOIN granted g ON g.unit = pg_temp.whose(s.r)
                   WHERE s.reader = 'mooc_writer' AND NOT EXISTS (SELECT FROM seen o WHERE o.reader = g.reader AND o.shown = s.shown AND o.r - 'age' = s.r - 'age')
                     AND s.shown NOT IN (SELECT shown FROM open_views)$$, 'every row that is');
SELECT is_empty($$SELECT reader, shown, r FROM seen WHERE reader IN ('pgtap_a', 'pgtap_p') AND shown NOT IN (SELECT shown FROM open_views)
                   AND r::text ~ '(Q-A|WQ|\m10[0-9][0-9]\M)'$$, 'nothing of another province stands in any column');
SELECT set_eq($$SELECT DISTINCT shown FROM seen WHERE reader = 'pgtap_a' AND shown NOT IN (SELECT shown FROM open_views)$$,
    $$SELECT view_name FROM bi.dictionary WHERE column_name = 'unit' AND view_name NOT IN (SELECT shown FROM open_views)$$,
    'a unit sees the views by unit, and none of the others');
SELECT set_eq($$SELECT DISTINCT shown FROM seen WHERE reader = 'pgtap_p' EXCEPT SELECT DISTINCT shown FROM seen WHERE reader = 'pgtap_a'$$,
              ARRAY['activity_5min', 'province_ranking', 'published_totals'], 'a province its waves'' own rows too');
SELECT set_eq($$SELECT DISTINCT r ->> 'unit' FROM seen WHERE reader = 'pgtap_a' AND shown = 'unit_rollup'$$, ARRAY['P-A', 'P-A1'], 'in both trees');

-- Functions.
SET LOCAL ROLE pgtap_a;
SELECT is((SELECT string_agg(DISTINCT unit, ',' ORDER BY unit) FROM bi.unit_rollup_on('2024-03-12', 'territory')), 'P-A,P-A1', 'unit_rollup_on');
SELECT is((SELECT string_agg(DISTINCT unit, ',' ORDER BY unit) FROM bi.unit_rollup_training_on('2024-03-12')), 'P-A,P-A1', 'unit_rollup_training_on');
SELECT is((SELECT string_agg(unit, ',' ORDER BY unit) FROM bi.training_plans('T')), 'P-A,P-A1', 'training_plans');
SELECT is((SELECT string_agg(unit, ',' ORDER BY unit) FROM bi.units_within('P-A')), 'P-A,P-A1', 'units_within: where units stand is no figure');
SELECT is((SELECT count(*)::integer FROM bi.rolling_rollup_between('P', 'T', '2024-03-01', '2024-03-12')), 0, 'no chart of what stands above it');
SELECT is((SELECT count(*)::integer FROM bi.rolling_rollup_between('Q-A', 'T', '2024-03-01', '2024-03-12')), 0, 'nor of another unit');
SELECT is((SELECT active_1 FROM bi.rolling_rollup_between('P-A', 'T', '2024-03-05', '2024-03-05')), 23::bigint, 'of its own');
SELECT is((SELECT active_1 FROM bi.rolling_rollup_between('P-A1', 'T', '2024-03-05', '2024-03-05')), 12::bigint, 'and of what stands below');
SELECT throws_ok($$SELECT pulse.rolling_chart('Q-A', 'T', '2024-03-01', '2024-03-12', 'management', '', 'postgres')$$, '42501', NULL,
                 'it cannot ask as somebody else');
SELECT throws_ok($$SELECT * FROM pulse.units_of('pgtap_two')$$, '42501', NULL, 'nor what others are granted');
RESET ROLE;
SELECT set_eq($$SELECT p.proname FROM pg_proc p WHERE p.pronamespace = 'bi'::regnamespace$$,
              ARRAY['unit_rollup_on', 'unit_rollup_training_on', 'rolling_rollup_between', 'training_plans', 'units_within', 'due_day', 'working_days_between'],
              'another function needs its test here');

-- A condition that tells what it was shown is shown no foreign row, however cheap it claims to be.
CREATE TEMPORARY TABLE told (said text) ON COMMIT DROP;
CREATE FUNCTION public.tell(said text) RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER COST 0.0000001 AS $$
BEGIN
    INSERT INTO pg_temp.told VALUES (said);
    RETURN true;
END $$;
GRANT EXECUTE ON FUNCTION public.tell TO pgtap_a;
DO $$
DECLARE
    shown text;
BEGIN
    FOR shown IN SELECT relname FROM pg_class WHERE relnamespace = 'bi'::regnamespace AND relname NOT IN (SELECT o.shown FROM open_views o) LOOP
        SET LOCAL ROLE pgtap_a;
        EXECUTE format('SELECT count(*) FROM bi.%I v WHERE public.tell(v::text) AND public.tell(v.changed_at::text)', shown);
        IF EXISTS (SELECT FROM bi.dictionary WHERE view_name = shown AND column_name = 'unit') THEN
            EXECUTE format('SELECT count(*) FROM bi.%I v WHERE public.tell(v.unit)', shown);
            EXECUTE format('SELECT count(*) FROM bi.%I v JOIN bi.units u USING (unit) WHERE public.tell(v.unit || u.unit_name)', shown);
        END IF;
        RESET ROLE;
    END LOOP;
END $$;
SELECT ok((SELECT count(*) FROM told WHERE said ~ 'P-A1') > 20, 'it tells what may be seen');
SELECT is_empty($$SELECT said FROM told WHERE said ~ '(P-B|Q-A|WQ|\m10[0-9][0-9]\M)'$$, 'and nothing else');

-- Who asks: the login, also when it takes on the group's role; an intermediary that takes on the login's role is that login.
GRANT pgtap_a TO pgtap_all;
SET SESSION AUTHORIZATION pgtap_a;
SET LOCAL ROLE mooc_bi;
SELECT is((SELECT string_agg(DISTINCT unit, ',' ORDER BY unit) FROM bi.participation), 'P-A,P-A1', 'the group''s role shows no more than the login''s');
SELECT is((SELECT count(*)::integer FROM bi.rolling_rollup_between('Q-A', 'T', '2024-03-01', '2024-03-12')), 0, 'nor does a function');
SET SESSION AUTHORIZATION pgtap_all;
SET LOCAL ROLE pgtap_a;
SELECT is((SELECT string_agg(DISTINCT unit, ',' ORDER BY unit) FROM bi.participation), 'P-A,P-A1', 'SET ROLE to a limited login limits');
SELECT is((SELECT count(*)::integer FROM bi.rolling_rollup_between('Q-A', 'T', '2024-03-01', '2024-03-12')), 0, 'in functions too');
RESET SESSION AUTHORIZATION;

-- A unit that leaves the reference data takes its branch along; nothing falls open.
UPDATE pulse.units SET parent = NULL, territory = NULL WHERE unit IN ('P-A1');
DELETE FROM pulse.targets WHERE unit = 'P-A';
UPDATE pulse.units SET territory = 'P' WHERE unit = 'P-B';
DELETE FROM pulse.units WHERE unit = 'P-A';
DO 'BEGIN PERFORM pg_temp.labels_changed(); END';
SET LOCAL ROLE pgtap_a;
SELECT is((SELECT string_agg(DISTINCT unit, ',' ORDER BY unit) FROM bi.participation), 'P-A', 'it sees what still stands under its own code');
RESET ROLE;

-- Dropped and made anew: what it is told now.
DROP FUNCTION public.tell;
REVOKE pgtap_a FROM pgtap_all;
SELECT pulse.drop_bi_login('pgtap_a'), pg_temp.login('pgtap_a', '{}');
SET LOCAL ROLE pgtap_a;
SELECT is((SELECT count(*)::integer FROM bi.participation), 5, 'an earlier login''s grants are gone');
RESET ROLE;
-- A backup brings grants back before their login: made again without a word of units it is not opened to all.
INSERT INTO pulse.bi_grants VALUES ('pgtap_c', 'P-B');
SELECT pg_temp.login('pgtap_c', '{}');
SET LOCAL ROLE pgtap_c;
SELECT is((SELECT string_agg(DISTINCT unit, ',') FROM bi.participation), 'P-B', 'grants without a login wait for it');
RESET ROLE;
SELECT throws_ok($$SELECT pg_temp.login('pgtap_b', '{P-B,tỉnh q}')$$, '42704', 'there is no unit tỉnh q; did you mean Q (Tỉnh Q)?', 'an unknown unit is refused');
SELECT throws_ok($$SELECT pg_temp.login('pgtap_b', '{ZZZ}')$$, '42704', 'there is no unit ZZZ', 'also where nothing is like it');
SELECT is_empty($$SELECT * FROM pulse.bi_grants WHERE login = 'pgtap_b'$$, 'and leaves nothing behind');

SELECT * FROM finish();
ROLLBACK;
