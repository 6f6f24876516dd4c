-- Deploy mooc_pulse:plans to pg
-- What is planned, in people: every target with its numbers worked out, and the sums that stand beside the people counted.
-- Made anew when labels or waves change, so that no view works them out.
BEGIN;
SET LOCAL ROLE mooc_owner;

CREATE TABLE pulse.target_numbers (
    config_version integer NOT NULL REFERENCES pulse.config_versions,
    target         text COLLATE "C" NOT NULL,
    scope          text COLLATE "C" NOT NULL,
    training       text COLLATE "C" NOT NULL,
    wave           text COLLATE "C" NOT NULL,
    year           smallint NOT NULL,
    plan_year      smallint,
    unit           text COLLATE "C" NOT NULL,
    measure        text COLLATE "C" NOT NULL,
    phase          text NOT NULL,
    begins         date,
    ends           date,
    approximate    boolean NOT NULL,
    target_kind    text COLLATE "C" NOT NULL,
    share          numeric,
    staff          bigint,
    staff_on       date,
    per_helper     bigint,
    helpers        bigint,
    planned        bigint,
    planned_max    bigint,
    PRIMARY KEY (config_version, target)
);
CREATE INDEX target_numbers_scope ON pulse.target_numbers (config_version, scope, training, wave, unit);
COMMENT ON TABLE pulse.target_numbers IS
    'Targets with their numbers: planned to planned_max, NULL where the staff or helpers of the unit are not known. Derived';

CREATE TABLE pulse.plan_sums (
    config_version integer NOT NULL REFERENCES pulse.config_versions,
    scope          text COLLATE "C" NOT NULL,
    training       text COLLATE "C" NOT NULL,
    wave           text COLLATE "C" NOT NULL,
    year           smallint NOT NULL,
    unit           text COLLATE "C" NOT NULL,
    planned        bigint NOT NULL,
    PRIMARY KEY (config_version, scope, training, wave, year, unit)
);
COMMENT ON TABLE pulse.plan_sums IS
    'People planned to register: targets of waves, trainings, years and over all, or the sums of those below. Derived';

CREATE TABLE pulse.plan_reach (
    config_version integer NOT NULL REFERENCES pulse.config_versions,
    scope          text COLLATE "C" NOT NULL,
    training       text COLLATE "C" NOT NULL,
    wave           text COLLATE "C" NOT NULL,
    year           smallint NOT NULL,
    unit           text COLLATE "C" NOT NULL,
    tree           text COLLATE "C" NOT NULL,
    version_from   date NOT NULL,
    reach          integer NOT NULL,
    PRIMARY KEY (config_version, scope, training, wave, year, unit, tree, version_from)
);
COMMENT ON TABLE pulse.plan_reach IS
    'Of plans of units that stand below another planned one, how far up in the tree that is: from there on they are parts of its plan. Derived';

-- For every config version that a generation is folded with, and the newest: the wave of a target tells its training and year.
CREATE FUNCTION pulse.rebuild_plans() RETURNS void LANGUAGE sql AS $$
DELETE FROM pulse.target_numbers;
DELETE FROM pulse.plan_sums;
DELETE FROM pulse.plan_reach;
INSERT INTO pulse.target_numbers
SELECT v.config_version, t.target, s.scope, coalesce(w.training, t.training), t.wave,
       CASE WHEN s.scope = 'year' THEN extract(year FROM t.ends) ELSE 0 END,
       CASE WHEN s.scope = 'year' THEN extract(year FROM t.ends) ELSE extract(year FROM coalesce(w.begins, t.begins, t.ends)) END,
       t.unit, t.measure, t.phase, t.begins, t.ends, t.approximate,
       CASE WHEN t.share IS NOT NULL THEN 'share' WHEN t.per_helper IS NOT NULL THEN 'quota'
            WHEN t.planned_max IS NOT NULL THEN 'range' ELSE 'number' END,
       t.share, n.staff, n.day, t.per_helper, h.helpers,
       coalesce(t.planned, ceil(t.share * n.staff)::bigint, t.per_helper * h.helpers),
       coalesce(t.planned_max, t.planned, ceil(t.share * n.staff)::bigint, t.per_helper * h.helpers)
  FROM (SELECT config_version FROM pulse.generations UNION SELECT max(config_version) FROM pulse.config_versions) v
 CROSS JOIN pulse.targets t
 CROSS JOIN LATERAL (
       SELECT CASE WHEN t.wave <> '' THEN 'wave' WHEN t.training <> '' THEN 'training'
                   WHEN extract(year FROM t.begins) = extract(year FROM t.ends) THEN 'year' ELSE 'all' END AS scope) s
  LEFT JOIN pulse.waves w ON w.config_version = v.config_version AND w.wave = t.wave
  -- The newest count of the unit that is not younger than the day the plan names, or the day it ends.
  LEFT JOIN LATERAL (SELECT f.staff, f.day FROM pulse.staff f
                      WHERE t.share IS NOT NULL AND f.unit = t.unit AND f.day <= t.staff_on AND f.staff IS NOT NULL
                      ORDER BY f.day DESC LIMIT 1) n ON true
  LEFT JOIN LATERAL (SELECT f.helpers FROM pulse.staff f
                      WHERE t.per_helper IS NOT NULL AND f.unit = t.unit AND f.day <= coalesce(t.ends, 'infinity') AND f.helpers IS NOT NULL
                      ORDER BY f.day DESC LIMIT 1) h ON true
 WHERE t.wave = '' OR w.wave IS NOT NULL;

INSERT INTO pulse.plan_sums
WITH plan AS (
    SELECT config_version, scope, training, wave, year, plan_year, unit, planned FROM pulse.target_numbers
     WHERE measure = 'registered' AND planned IS NOT NULL
), per_training AS (
    -- A training's own target holds, else those of its waves added up.
    SELECT config_version, training, unit, coalesce(sum(planned) FILTER (WHERE scope = 'training'), sum(planned)) AS planned
      FROM plan WHERE scope IN ('wave', 'training') GROUP BY config_version, training, unit
), per_year AS (
    -- The same of what is planned for one year.
    SELECT config_version, plan_year, training, unit, coalesce(sum(planned) FILTER (WHERE scope = 'training'), sum(planned)) AS planned
      FROM plan WHERE scope IN ('wave', 'training') AND plan_year IS NOT NULL GROUP BY config_version, plan_year, training, unit
)
SELECT config_version, 'wave', training, wave, 0, unit, sum(planned) FROM plan WHERE scope = 'wave'
 GROUP BY config_version, training, wave, unit
UNION ALL
SELECT config_version, 'training', training, '', 0, unit, planned FROM per_training
UNION ALL
SELECT config_version, 'all', '', '', 0, unit, coalesce(sum(planned) FILTER (WHERE of_all), sum(planned))
  FROM (SELECT config_version, unit, planned, true AS of_all FROM plan WHERE scope = 'all'
        UNION ALL SELECT config_version, unit, planned, false FROM per_training) p
 GROUP BY config_version, unit
UNION ALL
SELECT config_version, 'year', '', '', plan_year, unit, coalesce(sum(planned) FILTER (WHERE of_year), sum(planned))
  FROM (SELECT config_version, plan_year, unit, planned, true AS of_year FROM plan WHERE scope = 'year'
        UNION ALL SELECT config_version, plan_year, unit, planned, false FROM per_year) p
 GROUP BY config_version, plan_year, unit;

-- By look-ups in indexes: the tables may have been filled a moment ago, and have no statistics.
INSERT INTO pulse.plan_reach
SELECT * FROM (
    SELECT s.config_version, s.scope, s.training, s.wave, s.year, s.unit, v.tree, v.version_from,
           (SELECT min(p.distance) FROM pulse.unit_paths p
             WHERE p.tree = v.tree AND p.version_from = v.version_from AND p.unit = s.unit AND p.distance > 0
               AND (SELECT true FROM pulse.plan_sums above
                     WHERE above.config_version = s.config_version AND above.scope = s.scope AND above.training = s.training
                       AND above.wave = s.wave AND above.year = s.year AND above.unit = p.ancestor)) AS reach
      FROM pulse.plan_sums s CROSS JOIN pulse.tree_versions v) r
 WHERE reach IS NOT NULL;
$$;
COMMENT ON FUNCTION pulse.rebuild_plans IS 'Makes pulse.target_numbers, plan_sums and plan_reach from targets, staff, waves and unit paths';
REVOKE ALL ON FUNCTION pulse.rebuild_plans FROM PUBLIC;
GRANT EXECUTE ON FUNCTION pulse.rebuild_plans TO mooc_writer;

CREATE VIEW pulse.worked_targets AS
SELECT * FROM pulse.target_numbers
 WHERE config_version = (SELECT g.config_version FROM pulse.live JOIN pulse.generations g USING (generation));
COMMENT ON VIEW pulse.worked_targets IS 'pulse.target_numbers as the live generation was folded with';

CREATE VIEW pulse.plans AS
SELECT * FROM pulse.plan_sums
 WHERE config_version = (SELECT g.config_version FROM pulse.live JOIN pulse.generations g USING (generation));
COMMENT ON VIEW pulse.plans IS 'pulse.plan_sums as the live generation was folded with';

CREATE VIEW pulse.plans_within AS
SELECT * FROM pulse.plan_reach
 WHERE config_version = (SELECT g.config_version FROM pulse.live JOIN pulse.generations g USING (generation));
COMMENT ON VIEW pulse.plans_within IS 'pulse.plan_reach as the live generation was folded with';

GRANT SELECT, INSERT, DELETE ON pulse.target_numbers, pulse.plan_sums, pulse.plan_reach TO mooc_writer;
GRANT SELECT ON pulse.worked_targets, pulse.plans, pulse.plans_within TO mooc_writer;

COMMIT;
