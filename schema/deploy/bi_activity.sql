-- Deploy mooc_pulse:bi_activity to pg
-- Learners and exams by day and in windows of 7 and 30 days, exact for any past day: gen_N.activity holds difference arrays.
-- In these views an empty training, wave, value or unit is the empty text, so that a filter on it reaches the index.
BEGIN;
SET LOCAL ROLE mooc_owner;

-- One view per grain. scope: which rows of activity; keys: what tells its rows apart beside the day; whose: see pulse.show_figures.
CREATE FUNCTION pulse.activity_grains() RETURNS TABLE (suffix text, scope text, whose text, keys text, joins text, ends text)
LANGUAGE sql IMMUTABLE AS $grains$
WITH part (name, keys, joins) AS (VALUES
    ('training', $$a.training, coalesce(t.name_vi, a.training) COLLATE "vi-x-icu" AS training_name$$,
     $$LEFT JOIN pulse.training_labels t ON t.training = a.training$$),
    ('wave', $$a.wave, coalesce(w.name, a.wave) COLLATE "vi-x-icu" AS wave_name$$, $$LEFT JOIN pulse.wave_labels w ON w.wave = a.wave$$),
    ('unit', $$a.unit, CASE WHEN a.unit = '' THEN 'Ngoài danh sách' ELSE coalesce(u.name, a.unit) END COLLATE "vi-x-icu" AS unit_name$$,
     $$LEFT JOIN pulse.units u ON u.unit = a.unit LEFT JOIN pulse.current_paths n ON n.unit = a.unit
       LEFT JOIN pulse.changed c ON c.training = a.training AND c.unit = a.unit$$),
    ('platform', $$a.value AS platform$$, ''),
    ('audience', $$a.value AS audience, coalesce(l.name_vi, a.value) COLLATE "vi-x-icu" AS audience_name$$,
     $$LEFT JOIN pulse.audience_labels l ON l.kind = 'audience' AND l.audience = a.value$$),
    ('no unit', NULL, $$LEFT JOIN pulse.changed c ON c.training = a.training AND c.unit = '*'$$))
SELECT g.suffix, g.scope, g.whose, string_agg(p.keys, ', ' ORDER BY x.n), string_agg(p.joins, ' ' ORDER BY x.n),
       CASE WHEN g.whose = 'unit' THEN $$coalesce(n.unit_path, nullif(a.unit, '')) COLLATE "vi-x-icu" AS unit_path, $$ ELSE '' END
       -- The row of a day comes when the day begins.
       || $$greatest(c.changed_at, (SELECT r.changed_at FROM pulse.raised r),
                     a.day::timestamp AT TIME ZONE 'Asia/Ho_Chi_Minh') AS changed_at$$
  FROM (VALUES ('', 'training', 'unit', ARRAY['training', 'unit']), ('_wave', 'wave', 'unit', ARRAY['training', 'wave', 'unit']),
               ('_all', 'all', 'unit', ARRAY['unit']), ('_platform', 'platform', 'nobody', ARRAY['training', 'platform', 'no unit']),
               ('_audience', 'audience', 'nobody', ARRAY['training', 'audience', 'no unit'])) g (suffix, scope, whose, parts)
 CROSS JOIN unnest(g.parts) WITH ORDINALITY x (name, n) JOIN part p ON p.name = x.name
 GROUP BY g.suffix, g.scope, g.whose $grains$;
COMMENT ON FUNCTION pulse.activity_grains IS 'The texts of which the views of days are made';
REVOKE ALL ON FUNCTION pulse.activity_grains FROM PUBLIC;

CREATE VIEW pulse.daily AS
SELECT a.scope, a.training, a.wave, a.value, a.unit, d.day, coalesce(a.active[d.day_of_month], 0) AS active,
       coalesce(a.new_participants[d.day_of_month], 0) AS new_participants, coalesce(a.exams_sat[d.day_of_month], 0) AS exams_sat,
       coalesce(a.exams_passed[d.day_of_month], 0) AS exams_passed, coalesce(a.newly_passed[d.day_of_month], 0) AS newly_passed
  FROM pulse.live_activity a
  JOIN pulse.days d ON d.month = a.month
 WHERE a.active[d.day_of_month] > 0 OR a.exams_sat[d.day_of_month] > 0 OR a.newly_passed[d.day_of_month] > 0;
COMMENT ON VIEW pulse.daily IS 'Per scope, value, unit and day with any activity: the figures of the day';

DO $$
DECLARE
    g record;
BEGIN
    FOR g IN SELECT * FROM pulse.activity_grains() LOOP
        PERFORM pulse.show_figures('participation_daily' || g.suffix, g.whose, format(
            'SELECT %s, a.day, a.active, a.new_participants, a.exams_sat, a.exams_passed, a.newly_passed, %s '
            'FROM pulse.daily a %s WHERE a.scope = %L', g.keys, g.ends, g.joins, g.scope));
    END LOOP;
END $$;

-- Per key and day: months before the windows as sums, and the days of those that the windows touch. All changes of a key add up to
-- nought, for each window that opens closes: months before are those from there on with the other sign, and the fewer of the two are read.
-- (An element at a time: unnest makes a table of each row's arrays first, at three times the cost. Beyond a month's end there is none.)
DO $do$
DECLARE
    figures text := 'coalesce(sum(x.active) FILTER (WHERE x.n = d.day), 0)::bigint AS active_1, '
        '(coalesce(o.base_7, 0) + coalesce(sum(x.change_7), 0))::bigint AS active_7, '
        '(coalesce(o.base_30, 0) + coalesce(sum(x.change_30), 0))::bigint AS active_30';
    measure text;
    size integer;
BEGIN
    FOREACH measure IN ARRAY ARRAY['new_participants', 'exams_sat', 'exams_passed', 'newly_passed'] LOOP
        FOREACH size IN ARRAY ARRAY[1, 7, 30] LOOP
            figures := figures || format(', coalesce(sum(x.%1$I) FILTER (WHERE x.n > d.day - %2$s), 0)::bigint AS %3$I',
                                         measure, size, measure || '_' || size);
        END LOOP;
    END LOOP;
    EXECUTE format($$
        CREATE VIEW pulse.rolling AS
        SELECT k.scope, k.training, k.wave, k.value, k.unit, d.day, r.*
          FROM (SELECT scope, training, wave, value, unit, min(month) AS first_month FROM pulse.live_activity
                 GROUP BY scope, training, wave, value, unit) k
          JOIN pulse.days d ON d.day >= k.first_month AND d.day <= (SELECT today FROM pulse.today)
         CROSS JOIN LATERAL (SELECT date_trunc('month', d.day - 29)::date AS first) m
         CROSS JOIN LATERAL (SELECT m.first - k.first_month <= (SELECT today FROM pulse.today) - m.first AS before) s
         CROSS JOIN LATERAL (
               SELECT sum(CASE WHEN s.before THEN a.change_7_sum ELSE -a.change_7_sum END) AS base_7,
                      sum(CASE WHEN s.before THEN a.change_30_sum ELSE -a.change_30_sum END) AS base_30
                 FROM pulse.live_activity a
                WHERE a.scope = k.scope AND a.training = k.training AND a.wave = k.wave AND a.value = k.value AND a.unit = k.unit
                  AND a.month BETWEEN CASE WHEN s.before THEN k.first_month ELSE m.first END
                                  AND CASE WHEN s.before THEN m.first - 1 ELSE 'infinity' END) o
         CROSS JOIN LATERAL (
               SELECT %s, coalesce(bool_or(x.active > 0), false) AS begun
                 FROM pulse.live_activity a
                CROSS JOIN generate_series(1, 31) e
                CROSS JOIN LATERAL (
                      SELECT a.active[e] AS active, a.change_7[e] AS change_7, a.change_30[e] AS change_30,
                             a.new_participants[e] AS new_participants, a.exams_sat[e] AS exams_sat, a.exams_passed[e] AS exams_passed,
                             a.newly_passed[e] AS newly_passed, a.month + e - 1 AS n) x
                WHERE a.scope = k.scope AND a.training = k.training AND a.wave = k.wave AND a.value = k.value AND a.unit = k.unit
                  AND a.month BETWEEN m.first AND d.month AND x.n <= d.day) r
         WHERE r.begun OR k.first_month < m.first$$, figures);
END $do$;
COMMENT ON VIEW pulse.rolling IS 'Per scope, value, unit and day, from the first activity to today: the figures of 1, 7 and 30 days up to it';

DO $do$
DECLARE
    windows text := 'a.active_1, a.active_7, a.active_30, a.new_participants_1, a.new_participants_7, a.new_participants_30, a.exams_sat_1, '
        'a.exams_sat_7, a.exams_sat_30, a.exams_passed_1, a.exams_passed_7, a.exams_passed_30, a.newly_passed_1, a.newly_passed_7, '
        'a.newly_passed_30';
    rates text := 'a.exams_passed_1::numeric / nullif(a.exams_sat_1, 0) AS exam_pass_rate_1, '
        'a.exams_passed_7::numeric / nullif(a.exams_sat_7, 0) AS exam_pass_rate_7, '
        'a.exams_passed_30::numeric / nullif(a.exams_sat_30, 0) AS exam_pass_rate_30';
    sums text := (SELECT string_agg(format('sum(%1$s)::bigint AS %2$s', trim(f), substr(trim(f), 3)), ', ')
                    FROM string_to_table(windows, ',') f);
    g record;
BEGIN
    FOR g IN SELECT * FROM pulse.activity_grains() LOOP
        PERFORM pulse.show_figures('rolling_participation' || g.suffix, g.whose, format($$
            SELECT %s, a.day, %s, %s, s.complete_through, %s
              FROM pulse.rolling a %s
              LEFT JOIN pulse.training_state s ON s.training = a.training
             WHERE a.scope = %L$$, g.keys, windows, rates, g.ends, g.joins, g.scope));
    END LOOP;
    FOR g IN SELECT * FROM pulse.activity_grains() grains WHERE grains.whose = 'unit' LOOP
        PERFORM pulse.show_figures('rolling_rollup' || g.suffix, 'unit', format($$
            SELECT a.tree, %s, u.kind AS unit_kind, a.day, %s, %s, coalesce(n.unit_path, a.unit) COLLATE "vi-x-icu" AS unit_path,
                   greatest((SELECT max(b.changed_at) FROM pulse.unit_paths p
                               JOIN pulse.changed b ON b.training = a.training AND b.unit = p.unit
                              WHERE p.tree = a.tree AND p.version_from = a.version_from AND p.ancestor = a.unit),
                            c.changed_at, (SELECT r.changed_at FROM pulse.raised r),
                            a.day::timestamp AT TIME ZONE 'Asia/Ho_Chi_Minh') AS changed_at
              FROM (SELECT v.tree, v.version_from, a.training, a.wave, coalesce(p.ancestor, a.unit) AS unit, a.day, %s
                      FROM pulse.rolling a
                      JOIN pulse.tree_versions v ON a.day BETWEEN v.version_from AND v.version_to
                      LEFT JOIN pulse.unit_paths p ON p.tree = v.tree AND p.version_from = v.version_from AND p.unit = a.unit
                     WHERE a.scope = %L AND a.unit <> ''
                     GROUP BY v.tree, v.version_from, a.training, a.wave, coalesce(p.ancestor, a.unit), a.day) a %s$$,
            g.keys, windows, rates, sums, g.scope, g.joins));
    END LOOP;
END $do$;

-- A chart of a unit with all below it: the months of the chart are added up day by day first, those before them as sums. Training and
-- wave empty: all trainings, the whole training. reader: who asks (bi_grants.sql). While two generations are kept no join reaches their
-- indexes: what is to be read is said in conditions instead, and few rows are foreseen where many come (so nothing is sorted or looped
-- over that can be hashed).
CREATE FUNCTION pulse.rolling_chart(unit text, training text, first_day date, last_day date, tree text, wave text, reader name)
RETURNS TABLE (day date, active_1 bigint, active_7 bigint, active_30 bigint, new_participants_1 bigint, new_participants_7 bigint,
               new_participants_30 bigint, exams_sat_1 bigint, exams_sat_7 bigint, exams_sat_30 bigint, exams_passed_1 bigint,
               exams_passed_7 bigint, exams_passed_30 bigint, newly_passed_1 bigint, newly_passed_7 bigint, newly_passed_30 bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET enable_nestloop = off SET enable_sort = off AS $$
WITH asked AS (
    SELECT CASE WHEN $6 <> '' THEN 'wave' WHEN $2 <> '' THEN 'training' ELSE 'all' END COLLATE "C" AS scope
), version AS (
    -- The tree of each day: a version that the chart touches has its own units. None for who may not see the unit, and of what nobody
    -- knows: a slip of the pen is not nobody's activity.
    SELECT v.version_from, v.version_to FROM pulse.tree_versions v
     WHERE v.tree = $5 COLLATE "C" AND v.version_from <= $4 AND v.version_to >= $3
       AND ($2 = '' OR EXISTS (SELECT FROM pulse.live_trainings t WHERE t.training = $2 COLLATE "C"))
       AND ($6 = '' OR EXISTS (SELECT FROM pulse.live_waves w WHERE w.wave = $6 COLLATE "C" AND w.training = $2 COLLATE "C"))
       AND (EXISTS (SELECT FROM pulse.units u WHERE u.unit = $1 COLLATE "C")
            OR EXISTS (SELECT FROM pulse.live_activity a WHERE a.unit = $1 COLLATE "C"))
       AND ((SELECT pulse.granted_login($7, session_user)) IS NULL
            OR $1 IN (SELECT u.unit FROM pulse.units_of((SELECT pulse.granted_login($7, session_user))) u (unit)))
), below AS MATERIALIZED (
    -- Of the units with any activity those below; one that the trees do not know stands alone.
    SELECT v.version_from, k.unit, k.first_month
      FROM (SELECT a.unit, min(a.month) AS first_month
              FROM pulse.live_activity a
             WHERE a.scope = (SELECT q.scope FROM asked q) AND a.training = $2 COLLATE "C" AND a.wave = $6 COLLATE "C" AND a.value = '' AND a.unit <> ''
             GROUP BY a.unit) k
     CROSS JOIN version v
     WHERE EXISTS (SELECT FROM pulse.unit_paths p
                    WHERE p.tree = $5 COLLATE "C" AND p.version_from = v.version_from AND p.ancestor = $1 COLLATE "C" AND p.unit = k.unit)
        OR k.unit = $1 COLLATE "C" AND NOT EXISTS (SELECT FROM pulse.unit_paths p WHERE p.unit = $1 COLLATE "C")
), rows AS NOT MATERIALIZED (
    SELECT b.version_from, a.*
      FROM below b JOIN pulse.live_activity a ON a.unit = b.unit
     WHERE a.scope = (SELECT q.scope FROM asked q) AND a.training = $2 COLLATE "C" AND a.wave = $6 COLLATE "C" AND a.value = ''
       AND a.unit = ANY ((SELECT array_agg(u.unit) FROM below u)::text[])
), month AS (
    -- From which on it is read day by day; and where there are fewer months: before it, or from it on (see pulse.rolling).
    SELECT m.first, m.first - (SELECT min(u.first_month) FROM below u) <= (SELECT today FROM pulse.today) - m.first AS before
      FROM (SELECT date_trunc('month', $3 - 29)::date AS first) m
), before AS (
    SELECT r.version_from, m.sign * sum(r.change_7_sum) AS base_7, m.sign * sum(r.change_30_sum) AS base_30
      FROM rows r
     CROSS JOIN (SELECT CASE WHEN before THEN 1 ELSE -1 END AS sign FROM month) m
     WHERE r.month BETWEEN (SELECT CASE WHEN before THEN DATE '-infinity' ELSE first END FROM month)
                       AND (SELECT CASE WHEN before THEN first - 1 ELSE 'infinity' END FROM month)
     GROUP BY r.version_from, m.sign
), daily AS (
    SELECT r.version_from, d.day, sum(r.active[d.day_of_month]) AS active, sum(r.change_7[d.day_of_month]) AS change_7,
           sum(r.change_30[d.day_of_month]) AS change_30, sum(r.new_participants[d.day_of_month]) AS new_participants,
           sum(r.exams_sat[d.day_of_month]) AS exams_sat, sum(r.exams_passed[d.day_of_month]) AS exams_passed,
           sum(r.newly_passed[d.day_of_month]) AS newly_passed
      FROM rows r
      JOIN pulse.days d ON d.month = r.month
     WHERE r.month BETWEEN (SELECT first FROM month) AND $4
     GROUP BY 1, 2
), windows AS (
    SELECT v.version_from, v.version_to, d.day, coalesce(x.active, 0)::bigint AS active_1,
           (coalesce(b.base_7, 0) + coalesce(sum(x.change_7) OVER up_to, 0))::bigint AS active_7,
           (coalesce(b.base_30, 0) + coalesce(sum(x.change_30) OVER up_to, 0))::bigint AS active_30,
           coalesce(x.new_participants, 0)::bigint AS new_1, coalesce(sum(x.new_participants) OVER w7, 0)::bigint AS new_7,
           coalesce(sum(x.new_participants) OVER w30, 0)::bigint AS new_30,
           coalesce(x.exams_sat, 0)::bigint AS sat_1, coalesce(sum(x.exams_sat) OVER w7, 0)::bigint AS sat_7,
           coalesce(sum(x.exams_sat) OVER w30, 0)::bigint AS sat_30,
           coalesce(x.exams_passed, 0)::bigint AS passed_1, coalesce(sum(x.exams_passed) OVER w7, 0)::bigint AS passed_7,
           coalesce(sum(x.exams_passed) OVER w30, 0)::bigint AS passed_30,
           coalesce(x.newly_passed, 0)::bigint AS newly_1, coalesce(sum(x.newly_passed) OVER w7, 0)::bigint AS newly_7,
           coalesce(sum(x.newly_passed) OVER w30, 0)::bigint AS newly_30
      FROM version v
      JOIN pulse.days d ON d.day BETWEEN (SELECT first FROM month) AND least($4, (SELECT today FROM pulse.today))
      LEFT JOIN daily x ON x.version_from = v.version_from AND x.day = d.day
      LEFT JOIN before b ON b.version_from = v.version_from
    WINDOW up_to AS (PARTITION BY v.version_from ORDER BY d.day),
           w7 AS (PARTITION BY v.version_from ORDER BY d.day ROWS 6 PRECEDING),
           w30 AS (PARTITION BY v.version_from ORDER BY d.day ROWS 29 PRECEDING)
)
SELECT w.day, active_1, active_7, active_30, new_1, new_7, new_30, sat_1, sat_7, sat_30, passed_1, passed_7, passed_30, newly_1, newly_7,
       newly_30
  FROM windows w WHERE w.day BETWEEN version_from AND version_to AND w.day >= $3 ORDER BY w.day $$;
COMMENT ON FUNCTION pulse.rolling_chart IS 'The rolling figures of a unit with all below it day by day, if the reader may see them';

-- Runs as who asks, and says who that is. The other is reached through this one only: logins may not look into schema pulse.
CREATE FUNCTION bi.rolling_rollup_between(unit text, training text, first_day date, last_day date, tree text DEFAULT 'management',
                                          wave text DEFAULT '')
RETURNS TABLE (day date, active_1 bigint, active_7 bigint, active_30 bigint, new_participants_1 bigint, new_participants_7 bigint,
               new_participants_30 bigint, exams_sat_1 bigint, exams_sat_7 bigint, exams_sat_30 bigint, exams_passed_1 bigint,
               exams_passed_7 bigint, exams_passed_30 bigint, newly_passed_1 bigint, newly_passed_7 bigint, newly_passed_30 bigint)
LANGUAGE sql STABLE
BEGIN ATOMIC
    SELECT c.* FROM pulse.rolling_chart($1, $2, $3, $4, $5, $6, current_user) c;
END;
COMMENT ON FUNCTION bi.rolling_rollup_between IS
    'Biểu đồ số liệu trượt của đơn vị và mọi đơn vị bên dưới / A chart of the rolling figures of a unit with all below it, day by day';
REVOKE ALL ON FUNCTION bi.rolling_rollup_between, pulse.rolling_chart FROM PUBLIC;
GRANT EXECUTE ON FUNCTION bi.rolling_rollup_between, pulse.rolling_chart TO mooc_bi, mooc_writer;

SELECT pulse.show_figures('activity_5min', 'wave', $$
SELECT a.training, coalesce(t.name_vi, a.training) COLLATE "vi-x-icu" AS training_name, nullif(a.wave, '') AS wave,
       coalesce(w.name, nullif(a.wave, '')) COLLATE "vi-x-icu" AS wave_name, a.began_at, a.facts, a.learners, a.exams_sat, a.exams_passed,
       greatest(c.changed_at, (SELECT r.changed_at FROM pulse.raised r)) AS changed_at
  FROM pulse.live_activity_5min a
  LEFT JOIN pulse.training_labels t ON t.training = a.training
  LEFT JOIN pulse.wave_labels w ON w.wave = a.wave
  LEFT JOIN pulse.changed c ON c.training = a.training AND c.unit = '*'$$);

GRANT SELECT ON pulse.daily, pulse.rolling TO mooc_writer;

COMMIT;
