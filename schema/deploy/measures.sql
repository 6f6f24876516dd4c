-- Deploy mooc_pulse:measures to pg
-- The figures below the views of schema bi: counted rows joined with plans, and the one place where rates are defined.
BEGIN;
SET LOCAL ROLE mooc_owner;

-- Every day once: a filter on a day becomes one on the month whose row holds it.
CREATE TABLE pulse.days (
    day          date PRIMARY KEY,
    month        date NOT NULL,
    day_of_month integer NOT NULL
);
CREATE INDEX days_month ON pulse.days (month);
COMMENT ON TABLE pulse.days IS 'The days of 2000 to 2099, each with its month';
INSERT INTO pulse.days
SELECT day::date, date_trunc('month', day)::date, extract(day FROM day)::integer
  FROM generate_series(timestamp '2000-01-01', timestamp '2099-12-31', interval '1 day') day;
ANALYZE pulse.days;

CREATE VIEW pulse.today AS
SELECT (coalesce(nullif(current_setting('mooc.as_of', true), '')::timestamptz, now()) AT TIME ZONE 'Asia/Ho_Chi_Minh')::date AS today;
COMMENT ON VIEW pulse.today IS 'The day it is in Vietnam, or was at the instant that figures are asked of (mooc.as_of)';

-- The same measures under several keys get the same sums and rates: each text is written once and put into each view.
DO $do$
DECLARE
    -- Of people with data on a platform: without any data they are not known.
    known text[] := ARRAY['accounts', 'activated', 'enrolled', 'participated', 'completed', 'sat', 'passed', 'failed', 'certified',
                          'not_registered', 'passed_first', 'scored', 'attempts', 'attempts_passed', 'score_sum'];
    counted text[] := ARRAY['registered', 'first_time'] || known;
    every text[] := ARRAY['planned'] || counted;
    names text := array_to_string(counted, ', ');
    sums text := (SELECT string_agg(format('sum(%1$I)::bigint AS %1$I', m), ', ') FROM unnest(every) m);
    guarded text := (SELECT string_agg(format('CASE WHEN s.has_data%2$s THEN f.%1$I END AS %1$I', m,
                                              CASE WHEN m = 'completed' THEN ' AND s.has_completion' ELSE '' END), ', ') FROM unnest(known) m);
    nulls text := (SELECT string_agg('NULL::bigint', ', ') FROM unnest(counted));
    -- A unit's row; the row of people on no roster (empty unit) has counts and no rates.
    rates text := $$
        CASE WHEN unit <> '' THEN registered - passed END AS not_passed,
        CASE WHEN unit <> '' THEN accounts::numeric / nullif(registered, 0) END AS account_rate,
        CASE WHEN unit <> '' THEN participated::numeric / nullif(registered, 0) END AS participation_rate,
        CASE WHEN unit <> '' THEN completed::numeric / nullif(registered, 0) END AS completion_rate,
        CASE WHEN unit <> '' THEN passed::numeric / nullif(registered, 0) END AS pass_rate_registered,
        CASE WHEN unit <> '' THEN passed::numeric / nullif(participated, 0) END AS pass_rate_participants,
        CASE WHEN unit <> '' THEN passed::numeric / nullif(accounts, 0) END AS pass_rate_accounts,
        CASE WHEN unit <> '' THEN certified::numeric / nullif(registered, 0) END AS certification_rate,
        registered::numeric / nullif(planned, 0) AS plan_rate,
        passed::numeric / nullif(sat, 0) AS pass_rate_sat,
        passed_first::numeric / nullif(sat, 0) AS first_pass_rate,
        attempts_passed::numeric / nullif(attempts, 0) AS attempt_pass_rate,
        attempts::numeric / nullif(sat, 0) AS attempts_per_learner,
        score_sum::numeric / 10000 / nullif(scored, 0) AS average_score$$;
BEGIN
    -- A unit that is planned and sent no list: nothing is known of its people, and that is not zero.
    EXECUTE format($$
        CREATE VIEW pulse.measures AS
        SELECT f.scope, f.training, f.wave, f.year, f.value, f.unit, f.planned, f.registered, f.first_time, %s, s.complete_through
          FROM (SELECT scope, training, wave, year, value, unit, %s
                  FROM (SELECT scope, training, wave, year, value, unit, NULL::bigint AS planned, %s FROM pulse.live_tallies
                        UNION ALL
                        SELECT scope, training, wave, year, ''::text COLLATE "C", unit, planned, %s FROM pulse.plans) r
                 GROUP BY scope, training, wave, year, value, unit) f
          LEFT JOIN pulse.training_state s ON s.training = f.training$$, guarded, sums, names, nulls);
    EXECUTE format('CREATE VIEW pulse.rated_measures AS SELECT m.*, %s FROM pulse.measures m', rates);
    EXECUTE format($$
        CREATE VIEW pulse.rated_groups AS
        SELECT m.*, %s
          FROM (SELECT f.training, f.wave, f.unit, f.study_group, NULL::bigint AS planned, f.registered, f.first_time, %s
                  FROM pulse.live_tallies f LEFT JOIN pulse.training_state s ON s.training = f.training
                 WHERE f.scope = 'wave' AND f.unit <> '' AND f.study_group <> '') m$$, rates, guarded);
    -- Units that the reference data does not know stand alone. A plan below another one is part of it. Plans of units below are added up to
    -- the plan of all only where everybody counted below is in one of them: beside the people of 33 units the plans of 2 are no plan.
    EXECUTE format($$
        CREATE VIEW pulse.rated_subtrees AS
        SELECT m.*, %s,
               (SELECT p.ancestor FROM pulse.unit_paths p
                 WHERE p.tree = m.tree AND p.version_from = m.version_from AND p.unit = m.unit AND p.distance = 1 LIMIT 1) AS above,
               coalesce((SELECT max(p.distance) FROM pulse.unit_paths p
                          WHERE p.tree = m.tree AND p.version_from = m.version_from AND p.unit = m.unit), 0) AS level
          FROM (SELECT s.*, CASE WHEN s.own_plan OR s.plans IS NULL OR s.unplanned = 0 OR NOT EXISTS (
                           SELECT FROM pulse.unit_paths p JOIN pulse.live_tallies c ON c.unit = p.unit
                            WHERE p.tree = s.tree AND p.version_from = s.version_from AND p.ancestor = s.unit
                              AND c.scope = s.scope AND c.training = s.training AND c.wave = s.wave AND c.year = s.year AND c.value = ''
                              AND c.registered > 0
                              AND NOT EXISTS (SELECT FROM pulse.unit_paths q JOIN pulse.plans n ON n.unit = q.ancestor
                                               WHERE q.tree = s.tree AND q.version_from = s.version_from AND q.unit = p.unit
                                                 AND q.distance <= p.distance AND n.scope = s.scope AND n.training = s.training
                                                 AND n.wave = s.wave AND n.year = s.year))
                       THEN s.plans END AS planned
                  FROM (SELECT v.tree, v.version_from, v.version_to, f.scope, f.training, f.wave, f.year,
                       coalesce(p.ancestor, f.unit) AS unit, %s, f.complete_through
                  FROM pulse.tree_versions v
                 CROSS JOIN pulse.measures f
                  LEFT JOIN pulse.unit_paths p ON p.tree = v.tree AND p.version_from = v.version_from AND p.unit = f.unit
                  LEFT JOIN pulse.plans_within w ON w.scope = f.scope AND w.training = f.training AND w.wave = f.wave AND w.year = f.year
                        AND w.unit = f.unit AND w.tree = v.tree AND w.version_from = v.version_from
                 WHERE f.unit <> '' AND f.value = ''
                 GROUP BY v.tree, v.version_from, v.version_to, f.scope, f.training, f.wave, f.year, coalesce(p.ancestor, f.unit),
                          f.complete_through) s) m$$, rates,
        replace(sums, 'sum(planned)::bigint AS planned',
                'sum(f.planned) FILTER (WHERE w.reach IS NULL OR p.distance < w.reach)::bigint AS plans, '
                'coalesce(bool_or(f.planned IS NOT NULL AND coalesce(p.distance, 0) = 0), false) AS own_plan, '
                'count(*) FILTER (WHERE f.planned IS NULL AND f.registered > 0) AS unplanned'));
    -- Platforms and courses: sums over the units (a person has one unit in a training); people on no roster apart. One that tells of
    -- certificates and of nobody's progress does not say who completed.
    EXECUTE format($$
        CREATE VIEW pulse.rated_platforms AS
        SELECT m.*, %s
          FROM (SELECT scope, training, value, 'all' AS unit, NULL::bigint AS planned, %s
                  FROM pulse.measures WHERE scope IN ('platform', 'course') GROUP BY scope, training, value) m$$,
        rates,
        (SELECT string_agg(CASE WHEN m = 'not_registered' THEN 'sum(not_registered)::bigint AS not_registered'
                                WHEN m = 'completed' THEN $$CASE WHEN sum(completed) > 0 OR (count(completed) > 0 AND coalesce(sum(certified), 0) = 0)
                                    THEN coalesce(sum(completed) FILTER (WHERE unit <> ''), 0)::bigint END AS completed$$
                                ELSE format($$coalesce(sum(%1$I) FILTER (WHERE unit <> ''), 0)::bigint AS %1$I$$, m) END, ', ')
           FROM unnest(counted) m));
END $do$;
COMMENT ON VIEW pulse.measures IS
    'People counted and planned per scope, value of a dimension and unit, study groups added up; measures of a training without any '
    'data are NULL, and who completed where no platform says so';
COMMENT ON VIEW pulse.rated_measures IS 'pulse.measures with rates as unrounded fractions';
COMMENT ON VIEW pulse.rated_groups IS 'Study groups with rates as unrounded fractions';
COMMENT ON VIEW pulse.rated_subtrees IS
    'Per version of a tree, scope and unit the sum over its subtree; within a scope a person counts in one unit, so sums hold';
COMMENT ON VIEW pulse.rated_platforms IS 'Platforms and courses of a training, over all units';

GRANT SELECT ON pulse.days, pulse.today, pulse.measures, pulse.rated_measures, pulse.rated_groups, pulse.rated_subtrees,
    pulse.rated_platforms TO mooc_writer;

COMMIT;
