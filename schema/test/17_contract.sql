-- What a dashboard relies on: keys that are unique, columns that stay where they are, filters that reach the rows.
BEGIN;
\ir support/two_provinces.psql
CREATE OR REPLACE VIEW pulse.today AS SELECT '2024-03-12'::date AS today;
SELECT plan(14);

-- Keys, as bi.dictionary declares them.
CREATE FUNCTION pg_temp.doubles() RETURNS TABLE (shown text, rows bigint) LANGUAGE plpgsql AS $$
DECLARE
    key text;
BEGIN
    FOR shown, key IN SELECT view_name, grain FROM bi.dictionary WHERE column_name = '' AND grain IS NOT NULL ORDER BY 1 LOOP
        EXECUTE format('SELECT coalesce(sum(n) FILTER (WHERE n > 1), 0) FROM (SELECT count(*) AS n FROM bi.%I GROUP BY %s) k', shown,
                       (SELECT string_agg(quote_ident(k), ', ') FROM string_to_table(key, ', ') k)) INTO rows;
        RETURN NEXT;
    END LOOP;
END $$;
SELECT is_empty('SELECT * FROM pg_temp.doubles() WHERE rows > 0', 'no key stands twice');
SELECT is_empty($$SELECT view_name FROM bi.dictionary WHERE column_name = '' AND grain IS NULL EXCEPT VALUES ('data_issues')$$,
                'every view has a key but the list of faults');
SELECT is_empty($$SELECT v.view_name, k FROM bi.dictionary v, string_to_table(v.grain, ', ') k WHERE v.column_name = ''
                  EXCEPT SELECT view_name, column_name FROM bi.dictionary$$, 'keys are columns');
SELECT is_empty($$SELECT v.view_name, v.additive FROM bi.dictionary v, string_to_table(v.additive, ', ') k WHERE k <> 'no' AND NOT EXISTS (
                      SELECT FROM bi.dictionary c WHERE c.view_name = v.view_name AND c.column_name = k)$$, 'and so is what counts add up over');
SELECT is_empty($$SELECT d.view_name, d.column_name FROM bi.dictionary d
                    JOIN pg_attribute a ON a.attrelid = ('bi.' || quote_ident(d.view_name))::regclass AND a.attname = d.column_name
                   WHERE d.additive IS NULL AND d.view_name NOT IN ('closed_figures', 'trainings')
                     AND a.atttypid IN ('bigint'::regtype, 'numeric'::regtype)
                     AND d.column_name NOT IN ('row', 'group_order', 'position')$$, 'of every figure it is said');
SELECT is_empty($$SELECT view_name, column_name FROM bi.dictionary WHERE additive <> 'no' AND column_name ~ '(rate|rank|average)'$$,
                'no rate is ever added up');

-- A dashboard may name columns by their place: they stay, and new ones come at the end.
CREATE TEMPORARY TABLE agreed (shown text, columns text) ON COMMIT DROP;
\copy agreed FROM 'test/support/columns.psv' WITH (FORMAT csv, DELIMITER '|')
SELECT ok((SELECT count(*) FROM agreed) >= 45, 'the list was read');
SELECT is_empty($$SELECT a.shown, c.name, c.place FROM agreed a, regexp_split_to_table(a.columns, ' ') WITH ORDINALITY c (name, place)
                  EXCEPT SELECT view_name, column_name, position FROM bi.dictionary$$, 'every column is where it was');
SELECT is_empty($$SELECT d.view_name FROM bi.dictionary d WHERE d.column_name = 'unit'
                     AND EXISTS (SELECT FROM bi.dictionary c WHERE c.view_name = d.view_name AND c.column_name = 'changed_at')
                     AND NOT EXISTS (SELECT FROM bi.dictionary c WHERE c.view_name = d.view_name AND c.column_name = 'unit_path')$$,
                'figures of units have the unit''s path');

-- Behind the barrier a condition is worked out early only if it tells nothing: of the types of our keys all that matter are such.
SET LOCAL enable_seqscan = off;
SET LOCAL enable_bitmapscan = off;
CREATE FUNCTION pg_temp.plan_of(query text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    line text;
    plan text := '';
BEGIN
    FOR line IN EXECUTE 'EXPLAIN ' || query LOOP
        plan := plan || line || E'\n';
    END LOOP;
    RETURN plan;
END $$;
SELECT pulse.add_bi_login('pgtap_p', 'SCRAM-SHA-256$4096:W22ZaJ0SNY7soEsUEjb6gQ==$WG5d8oPm3OtcPnkdi4Uo7BkeZkBFzpcXkuLmtbsT4qY=:wfPLwcE6nTWhTAmQ7tl2KeoiWGPlZqQxSrmfPwDl2dU=', '{P}');
SET LOCAL ROLE pgtap_p;
SELECT matches(pg_temp.plan_of($$SELECT * FROM bi.participation WHERE training = 'T' AND wave = 'WP'$$),
               'tallies_pkey on tallies[^\n]*\n\s+Index Cond: [^\n]*scope = ''wave''[^\n]*training = ''T''[^\n]*wave = ''WP''', 'equality of codes');
SELECT matches(pg_temp.plan_of($$SELECT * FROM bi.participation_training WHERE training IN ('T', 'U') AND unit_name = 'Sở B'$$),
               '_pkey on tallies[^\n]*\n[^\n]*Cond: [^\n]*(\n[^\n]*Filter: [^\n]*)?training = ANY', 'lists of codes, also beside a condition on a name');
SELECT matches(pg_temp.plan_of($$SELECT * FROM bi.rolling_participation WHERE training = 'T' AND unit = 'P-A' AND day BETWEEN '2024-03-05' AND '2024-03-06'$$),
               'Index Cond: [^\n]*\(day >= ''2024-03-05''::date\) AND \(day <= ''2024-03-06''::date\)', 'ranges of days');
SELECT matches(pg_temp.plan_of($$SELECT * FROM bi.participation_daily WHERE training = 'T' AND unit = 'P-A' AND day = '2024-03-05'$$),
               'activity_pkey on activity[^\n]*\n\s+Index Cond: [^\n]*training = ''T''[^\n]*unit = ''P-A''', 'a unit''s days');
SELECT unalike(pg_temp.plan_of($$SELECT * FROM bi.participation WHERE unit_name = 'Sở B'$$), '%Subquery Scan on participation %Filter: (participation.unit_name%',
              'equality of names sorted as Vietnamese goes behind the barrier too');
RESET ROLE;

SELECT * FROM finish();
ROLLBACK;
