-- Deploy mooc_pulse:bi_activity to pg
-- Learners and exams by day and in windows of 7 and 30 days, exact for any past day: gen_N.activity holds difference arrays.
-- In these views an empty training, wave, value or unit is the empty text, so that a filter on it reaches the index.
BEGIN;
SET LOCAL ROLE mooc_owner;

CREATE VIEW bi.participation_daily AS
SELECT a.scope, a.training, coalesce(t.name_vi, a.training) COLLATE "vi-x-icu" AS training_name, a.wave,
       coalesce(w.name, a.wave) COLLATE "vi-x-icu" AS wave_name, a.value, a.unit,
       CASE WHEN a.scope IN ('platform', 'audience') THEN NULL WHEN a.unit = '' THEN 'Ngoài danh sách'
            ELSE coalesce(u.name, a.unit) END COLLATE "vi-x-icu" AS unit_name,
       d.day, coalesce(a.active[d.day_of_month], 0) AS active, coalesce(a.new_participants[d.day_of_month], 0) AS new_participants,
       coalesce(a.exams_sat[d.day_of_month], 0) AS exams_sat, coalesce(a.exams_passed[d.day_of_month], 0) AS exams_passed,
       coalesce(a.newly_passed[d.day_of_month], 0) AS newly_passed
  FROM pulse.live_activity a
  JOIN pulse.days d ON d.month = a.month
  LEFT JOIN pulse.training_labels t ON t.training = a.training
  LEFT JOIN pulse.wave_labels w ON w.wave = a.wave
  LEFT JOIN pulse.units u ON u.unit = a.unit
 WHERE a.active[d.day_of_month] > 0 OR a.exams_sat[d.day_of_month] > 0 OR a.newly_passed[d.day_of_month] > 0;

-- Per key and day: its months up to that day, those before it as sums, those that a window touches as parts of arrays. A part
-- may begin before the first or end after the last element: PostgreSQL gives what is there.
DO $do$
DECLARE
    -- The elements of a month's array that lie in the window of so many days up to the day, added up.
    part text := $$
        sum(CASE WHEN a.month > d.day - %2$s - 31 AND a.%1$I IS NOT NULL THEN
                (SELECT sum(x) FROM (SELECT unnest(a.%1$I[d.day - a.month + 2 - %2$s : d.day - a.month + 1]) AS x) e) END)$$;
    changes text := $$
        sum(CASE WHEN a.month < d.month THEN a.change_%1$s_sum
                 WHEN a.change_%1$s IS NOT NULL THEN
                (SELECT sum(x) FROM (SELECT unnest(a.change_%1$s[1 : d.day_of_month]) AS x) e) END)$$;
    figures text := '';
    measure text;
    size integer;
BEGIN
    figures := 'coalesce(sum(a.active[d.day_of_month]) FILTER (WHERE a.month = d.month), 0)::bigint AS active_1, '
        || 'coalesce(' || format(changes, 7) || ', 0)::bigint AS active_7, '
        || 'coalesce(' || format(changes, 30) || ', 0)::bigint AS active_30';
    FOREACH measure IN ARRAY ARRAY['new_participants', 'exams_sat', 'exams_passed', 'newly_passed'] LOOP
        FOREACH size IN ARRAY ARRAY[1, 7, 30] LOOP
            figures := figures || format(', coalesce(%s, 0)::bigint AS %I',
                CASE WHEN size = 1 THEN format('sum(a.%I[d.day_of_month]) FILTER (WHERE a.month = d.month)', measure)
                     ELSE format(part, measure, size) END, measure || '_' || size);
        END LOOP;
    END LOOP;
    EXECUTE format($$
        CREATE VIEW pulse.rolling AS
        SELECT k.scope, k.training, k.wave, k.value, k.unit, d.day, r.*
          FROM (SELECT scope, training, wave, value, unit, min(month) AS first_month FROM pulse.live_activity
                 GROUP BY scope, training, wave, value, unit) k
          JOIN pulse.days d ON d.day >= k.first_month AND d.day <= (SELECT today FROM pulse.today)
         CROSS JOIN LATERAL (
               SELECT %s,
                      bool_or(a.month < d.month
                              OR (SELECT bool_or(x > 0) FROM (SELECT unnest(a.active[1 : d.day_of_month]) AS x) e)) AS begun
                 FROM pulse.live_activity a
                WHERE a.scope = k.scope AND a.training = k.training AND a.wave = k.wave AND a.value = k.value AND a.unit = k.unit
                  AND a.month <= d.month) r
         WHERE r.begun$$, figures);
END $do$;
COMMENT ON VIEW pulse.rolling IS 'Per scope, value, unit and day, from the first activity to today: the figures of 1, 7 and 30 days up to it';

DO $do$
DECLARE
    windows text := 'r.active_1, r.active_7, r.active_30, r.new_participants_1, r.new_participants_7, r.new_participants_30, r.exams_sat_1, '
        'r.exams_sat_7, r.exams_sat_30, r.exams_passed_1, r.exams_passed_7, r.exams_passed_30, r.newly_passed_1, r.newly_passed_7, '
        'r.newly_passed_30';
    rates text := 'r.exams_passed_1::numeric / nullif(r.exams_sat_1, 0) AS exam_pass_rate_1, '
        'r.exams_passed_7::numeric / nullif(r.exams_sat_7, 0) AS exam_pass_rate_7, '
        'r.exams_passed_30::numeric / nullif(r.exams_sat_30, 0) AS exam_pass_rate_30';
    sums text := (SELECT string_agg(format('sum(r.%1$s)::bigint AS %1$s', substr(trim(f), 3)), ', ')
                    FROM string_to_table(windows, ',') f);
    names text := $$coalesce(t.name_vi, r.training) COLLATE "vi-x-icu" AS training_name, r.wave,
               coalesce(w.name, r.wave) COLLATE "vi-x-icu" AS wave_name$$;
BEGIN
    EXECUTE format($$
        CREATE VIEW bi.rolling_participation AS
        SELECT r.scope, r.training, %s, r.value, r.unit,
               CASE WHEN r.scope IN ('platform', 'audience') THEN NULL WHEN r.unit = '' THEN 'Ngoài danh sách'
                    ELSE coalesce(u.name, r.unit) END COLLATE "vi-x-icu" AS unit_name,
               r.day, %s, %s, s.complete_through
          FROM pulse.rolling r
          LEFT JOIN pulse.training_labels t ON t.training = r.training
          LEFT JOIN pulse.wave_labels w ON w.wave = r.wave
          LEFT JOIN pulse.units u ON u.unit = r.unit
          LEFT JOIN pulse.training_state s ON s.training = r.training$$, names, windows, rates);
    EXECUTE format($$
        CREATE VIEW bi.rolling_rollup AS
        SELECT r.tree, r.scope, r.training, %s, r.unit, coalesce(u.name, r.unit) COLLATE "vi-x-icu" AS unit_name, u.kind AS unit_kind,
               r.day, %s, %s
          FROM (SELECT v.tree, r.scope, r.training, r.wave, coalesce(p.ancestor, r.unit) AS unit, r.day, %s
                  FROM pulse.rolling r
                  JOIN pulse.tree_versions v ON r.day BETWEEN v.version_from AND v.version_to
                  LEFT JOIN pulse.unit_paths p ON p.tree = v.tree AND p.version_from = v.version_from AND p.unit = r.unit
                 WHERE r.scope IN ('wave', 'training', 'all') AND r.unit <> ''
                 GROUP BY v.tree, r.scope, r.training, r.wave, coalesce(p.ancestor, r.unit), r.day) r
          LEFT JOIN pulse.training_labels t ON t.training = r.training
          LEFT JOIN pulse.wave_labels w ON w.wave = r.wave
          LEFT JOIN pulse.units u ON u.unit = r.unit$$, names, windows, rates, sums);
END $do$;

CREATE VIEW bi.activity_5min AS
SELECT a.training, coalesce(t.name_vi, a.training) COLLATE "vi-x-icu" AS training_name, nullif(a.wave, '') AS wave,
       coalesce(w.name, nullif(a.wave, '')) COLLATE "vi-x-icu" AS wave_name, a.began_at, a.facts, a.learners, a.exams_sat, a.exams_passed
  FROM pulse.live_activity_5min a
  LEFT JOIN pulse.training_labels t ON t.training = a.training
  LEFT JOIN pulse.wave_labels w ON w.wave = a.wave;

GRANT SELECT ON pulse.rolling TO mooc_writer;
GRANT SELECT ON bi.participation_daily, bi.rolling_participation, bi.rolling_rollup, bi.activity_5min TO mooc_bi, mooc_writer;

COMMIT;
