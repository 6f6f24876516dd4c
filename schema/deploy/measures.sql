-- Deploy mooc_pulse:measures to pg
-- The figures below the views of schema bi: counted rows joined with plans, and the one place where rates are defined.
BEGIN;
SET LOCAL ROLE mooc_owner;

CREATE VIEW pulse.plans AS
WITH wave_plan AS (
    SELECT w.training, t.wave, extract(year FROM w.begins)::smallint AS year, t.unit, t.planned
      FROM pulse.targets t JOIN pulse.live_waves w USING (wave) WHERE t.measure = 'registered' AND t.planned IS NOT NULL
)
SELECT 'wave' COLLATE "C" AS scope, training, wave, 0::smallint AS year, unit, planned FROM wave_plan
UNION ALL
SELECT 'training', training, '', 0::smallint, unit, sum(planned)::bigint FROM wave_plan GROUP BY training, unit
UNION ALL
SELECT 'all', '', '', 0::smallint, unit, sum(planned)::bigint FROM wave_plan GROUP BY unit
UNION ALL
SELECT 'year', '', '', year, unit, sum(planned)::bigint FROM wave_plan WHERE year IS NOT NULL GROUP BY year, unit;
COMMENT ON VIEW pulse.plans IS 'Targets of waves, and their sums per training, year and over all';

CREATE VIEW pulse.measures AS
WITH counted AS (
    SELECT scope, training, wave, year, unit,
           sum(registered)::bigint AS registered, sum(accounts)::bigint AS accounts,
           sum(activated)::bigint AS activated, sum(enrolled)::bigint AS enrolled,
           sum(participated)::bigint AS participated, sum(completed)::bigint AS completed,
           sum(sat)::bigint AS sat, sum(passed)::bigint AS passed, sum(failed)::bigint AS failed,
           sum(certified)::bigint AS certified, sum(not_registered)::bigint AS not_registered
      FROM pulse.live_tallies
     WHERE scope IN ('wave', 'training', 'all', 'year')
     GROUP BY scope, training, wave, year, unit
)
-- A unit that is planned and sent no list: nothing is known of its people, and that is not zero.
SELECT scope, training, wave, year, unit, p.planned, c.registered, c.accounts, c.activated, c.enrolled, c.participated,
       c.completed, c.sat, c.passed, c.failed, c.certified, c.not_registered
  FROM counted c FULL JOIN pulse.plans p USING (scope, training, wave, year, unit);
COMMENT ON VIEW pulse.measures IS 'People counted and planned per scope and unit, study groups added up';

-- The same measures under three keys get the same rates: the text is written once and put into each view.
DO $do$
DECLARE
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
        registered::numeric / nullif(planned, 0) AS plan_rate$$;
    -- One tree at a time: joins on one column are estimated well. Units that the reference data does not know stand alone.
    subtrees text := $$
        SELECT ':tree' COLLATE "C" AS tree, t.training, t.wave, t.unit, e.above, coalesce(l.level, 0) AS level, t.planned, t.registered, t.accounts,
               t.activated, t.enrolled, t.participated, t.completed, t.sat, t.passed, t.failed, t.certified
          FROM (WITH RECURSIVE edges AS (
                    SELECT unit, :above AS above FROM pulse.units
                    UNION ALL
                    SELECT unit, NULL
                      FROM (SELECT unit FROM pulse.live_tallies WHERE scope = 'wave' AND unit <> ''
                            EXCEPT SELECT unit FROM pulse.units) unknown
                ), walk AS (
                    SELECT unit AS ancestor, unit AS below, 0 AS distance FROM edges
                    UNION ALL
                    SELECT e.above, w.below, w.distance + 1
                      FROM walk w JOIN edges e ON e.unit = w.ancestor
                     WHERE e.above IS NOT NULL AND w.distance < 32
                )
                SELECT f.training, f.wave, w.ancestor AS unit,
                       sum(f.planned)::bigint AS planned, sum(f.registered)::bigint AS registered,
                       sum(f.accounts)::bigint AS accounts, sum(f.activated)::bigint AS activated,
                       sum(f.enrolled)::bigint AS enrolled, sum(f.participated)::bigint AS participated,
                       sum(f.completed)::bigint AS completed, sum(f.sat)::bigint AS sat,
                       sum(f.passed)::bigint AS passed, sum(f.failed)::bigint AS failed,
                       sum(f.certified)::bigint AS certified
                  FROM pulse.measures f JOIN walk w ON w.below = f.unit
                 WHERE f.scope = 'wave' AND f.unit <> ''
                 GROUP BY f.training, f.wave, w.ancestor) t
          LEFT JOIN (SELECT unit, :above AS above FROM pulse.units) e ON e.unit = t.unit
          LEFT JOIN (WITH RECURSIVE climb AS (
                         SELECT unit, :above AS above, 0 AS level FROM pulse.units
                         UNION ALL
                         SELECT c.unit, u.:above, c.level + 1
                           FROM climb c JOIN pulse.units u ON u.unit = c.above WHERE c.level < 32
                     )
                     SELECT unit, max(level) AS level FROM climb GROUP BY unit) l ON l.unit = t.unit$$;
BEGIN
    EXECUTE 'CREATE VIEW pulse.rated_measures AS SELECT m.*, ' || rates || ' FROM pulse.measures m';
    EXECUTE 'CREATE VIEW pulse.rated_groups AS SELECT m.*, ' || rates
        || $$ FROM (SELECT training, wave, unit, study_group, NULL::bigint AS planned, registered, accounts, activated, enrolled,
                           participated, completed, sat, passed, failed, certified, not_registered
                      FROM pulse.live_tallies WHERE scope = 'wave' AND unit <> '' AND study_group <> '') m$$;
    EXECUTE 'CREATE VIEW pulse.rated_subtrees AS SELECT m.*, ' || rates
        || ' FROM (' || replace(replace(subtrees, ':tree', 'management'), ':above', 'parent')
        || ' UNION ALL ' || replace(replace(subtrees, ':tree', 'territory'), ':above', 'territory') || ') m';
END $do$;
COMMENT ON VIEW pulse.rated_measures IS 'pulse.measures with rates as unrounded fractions';
COMMENT ON VIEW pulse.rated_groups IS 'Study groups with rates as unrounded fractions';
COMMENT ON VIEW pulse.rated_subtrees IS
    'Per wave and unit the sum over its subtree, in both trees; in one wave a person counts in one unit, so sums hold';

GRANT SELECT ON pulse.plans, pulse.measures, pulse.rated_measures, pulse.rated_groups, pulse.rated_subtrees TO mooc_writer;

COMMIT;
