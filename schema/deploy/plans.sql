-- Deploy mooc_pulse:plans to pg
-- What is planned, in people: every target with its numbers worked out, and the sums that stand beside the people counted.
BEGIN;
SET LOCAL ROLE mooc_owner;

CREATE VIEW pulse.worked_targets AS
SELECT t.target,
       CASE WHEN t.wave <> '' THEN 'wave' WHEN t.training <> '' THEN 'training'
            WHEN extract(year FROM t.begins) = extract(year FROM t.ends) THEN 'year' ELSE 'all' END COLLATE "C" AS scope,
       coalesce(w.training, t.training) AS training, t.wave,
       CASE WHEN t.wave = '' AND t.training = '' AND extract(year FROM t.begins) = extract(year FROM t.ends)
            THEN extract(year FROM t.ends) ELSE 0 END::smallint AS year,
       extract(year FROM coalesce(w.begins, t.begins, t.ends))::smallint AS plan_year,
       t.unit, t.measure, t.phase, t.begins, t.ends, t.approximate,
       CASE WHEN t.share IS NOT NULL THEN 'share' WHEN t.per_helper IS NOT NULL THEN 'quota'
            WHEN t.planned_max IS NOT NULL THEN 'range' ELSE 'number' END COLLATE "C" AS target_kind,
       t.share, s.staff, s.day AS staff_on, t.per_helper, h.helpers,
       coalesce(t.planned, ceil(t.share * s.staff)::bigint, t.per_helper * h.helpers) AS planned,
       coalesce(t.planned_max, t.planned, ceil(t.share * s.staff)::bigint, t.per_helper * h.helpers) AS planned_max
  FROM pulse.targets t
  LEFT JOIN pulse.live_waves w ON w.wave = t.wave
  -- The newest count of the unit that is not younger than the day the plan names.
  LEFT JOIN LATERAL (SELECT staff, day FROM pulse.staff s
                      WHERE t.share IS NOT NULL AND s.unit = t.unit AND s.day <= t.staff_on AND s.staff IS NOT NULL
                      ORDER BY day DESC LIMIT 1) s ON true
  LEFT JOIN LATERAL (SELECT helpers FROM pulse.staff s
                      WHERE t.per_helper IS NOT NULL AND s.unit = t.unit AND s.day <= coalesce(t.ends, 'infinity')
                        AND s.helpers IS NOT NULL
                      ORDER BY day DESC LIMIT 1) h ON true;
COMMENT ON VIEW pulse.worked_targets IS
    'Targets with their numbers: planned to planned_max, NULL where the staff or helpers of the unit are not known';

CREATE VIEW pulse.plans AS
WITH plan AS NOT MATERIALIZED (
    SELECT scope, training, wave, year, plan_year, unit, planned FROM pulse.worked_targets
     WHERE measure = 'registered' AND planned IS NOT NULL
), per_training AS NOT MATERIALIZED (
    -- A training's own target holds, else those of its waves added up.
    SELECT training, unit, coalesce(sum(planned) FILTER (WHERE scope = 'training'), sum(planned))::bigint AS planned
      FROM plan WHERE scope IN ('wave', 'training') GROUP BY training, unit
)
SELECT 'wave' COLLATE "C" AS scope, training, wave, 0::smallint AS year, unit, sum(planned)::bigint AS planned
  FROM plan WHERE scope = 'wave' GROUP BY training, wave, unit
UNION ALL
SELECT 'training', training, '', 0::smallint, unit, planned FROM per_training
UNION ALL
SELECT 'all', '', '', 0::smallint, unit, coalesce(sum(planned) FILTER (WHERE of_all), sum(planned))::bigint
  FROM (SELECT unit, planned, true AS of_all FROM plan WHERE scope = 'all'
        UNION ALL SELECT unit, planned, false FROM per_training) p
 GROUP BY unit
UNION ALL
SELECT 'year', '', '', plan_year, unit,
       coalesce(sum(planned) FILTER (WHERE scope = 'year'), sum(planned) FILTER (WHERE scope = 'training'), sum(planned))::bigint
  FROM plan WHERE scope IN ('wave', 'training', 'year') AND plan_year IS NOT NULL GROUP BY plan_year, unit;
COMMENT ON VIEW pulse.plans IS 'People planned to register: targets of waves, trainings, years and over all, or the sums of those below';

GRANT SELECT ON pulse.worked_targets, pulse.plans TO mooc_writer;

COMMIT;
