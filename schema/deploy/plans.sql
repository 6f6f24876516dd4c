-- Deploy mooc_pulse:plans to pg
-- What is planned, in people: every target with its numbers worked out, and the sums that stand beside the people counted.
BEGIN;
SET LOCAL ROLE mooc_owner;

CREATE INDEX targets_wave ON pulse.targets (wave, training, unit);

-- Three branches with plain columns, so that a filter on training or wave reaches the rows.
DO $do$
DECLARE
    figures text := $$
        t.unit, t.measure, t.phase, t.begins, t.ends, t.approximate,
        CASE WHEN t.share IS NOT NULL THEN 'share' WHEN t.per_helper IS NOT NULL THEN 'quota'
             WHEN t.planned_max IS NOT NULL THEN 'range' ELSE 'number' END COLLATE "C" AS target_kind,
        t.share, n.staff, n.staff_on, t.per_helper, n.helpers,
        coalesce(t.planned, ceil(t.share * n.staff)::bigint, t.per_helper * n.helpers) AS planned,
        coalesce(t.planned_max, t.planned, ceil(t.share * n.staff)::bigint, t.per_helper * n.helpers) AS planned_max$$;
    -- The newest count of the unit that is not younger than the day the plan names, or the day it ends.
    staff text := $$
        CROSS JOIN LATERAL (
        SELECT CASE WHEN t.share IS NOT NULL THEN
                   (SELECT s.staff FROM pulse.staff s WHERE s.unit = t.unit AND s.day <= t.staff_on AND s.staff IS NOT NULL
                     ORDER BY s.day DESC LIMIT 1) END AS staff,
               CASE WHEN t.share IS NOT NULL THEN
                   (SELECT s.day FROM pulse.staff s WHERE s.unit = t.unit AND s.day <= t.staff_on AND s.staff IS NOT NULL
                     ORDER BY s.day DESC LIMIT 1) END AS staff_on,
               CASE WHEN t.per_helper IS NOT NULL THEN
                   (SELECT s.helpers FROM pulse.staff s
                     WHERE s.unit = t.unit AND s.day <= coalesce(t.ends, 'infinity') AND s.helpers IS NOT NULL
                     ORDER BY s.day DESC LIMIT 1) END AS helpers) n$$;
    in_one_year text := 'extract(year FROM t.begins) = extract(year FROM t.ends)';
BEGIN
    EXECUTE format($$
        CREATE VIEW pulse.worked_targets AS
        SELECT t.target, 'wave'::text COLLATE "C" AS scope, w.training, w.wave, 0::smallint AS year,
               extract(year FROM coalesce(w.begins, t.begins, t.ends))::smallint AS plan_year, %1$s
          FROM pulse.live_waves w JOIN pulse.targets t ON t.wave = w.wave %2$s
        UNION ALL
        SELECT t.target, 'training'::text COLLATE "C", t.training, t.wave, 0::smallint,
               extract(year FROM coalesce(t.begins, t.ends))::smallint, %1$s
          FROM pulse.targets t %2$s WHERE t.wave = '' AND t.training <> ''
        UNION ALL
        SELECT t.target, 'year'::text COLLATE "C", t.training, t.wave, extract(year FROM t.ends)::smallint,
               extract(year FROM t.ends)::smallint, %1$s
          FROM pulse.targets t %2$s WHERE t.wave = '' AND t.training = '' AND %3$s
        UNION ALL
        SELECT t.target, 'all'::text COLLATE "C", t.training, t.wave, 0::smallint,
               extract(year FROM coalesce(t.begins, t.ends))::smallint, %1$s
          FROM pulse.targets t %2$s WHERE t.wave = '' AND t.training = '' AND (%3$s) IS NOT TRUE$$, figures, staff, in_one_year);
END $do$;
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
SELECT 'wave'::text COLLATE "C" AS scope, training, wave, 0::smallint AS year, unit, sum(planned)::bigint AS planned
  FROM plan WHERE scope = 'wave' GROUP BY training, wave, unit
UNION ALL
SELECT 'training'::text COLLATE "C", training, ''::text COLLATE "C", 0::smallint, unit, planned FROM per_training
UNION ALL
SELECT 'all'::text COLLATE "C", ''::text COLLATE "C", ''::text COLLATE "C", 0::smallint, unit, coalesce(sum(planned) FILTER (WHERE of_all), sum(planned))::bigint
  FROM (SELECT unit, planned, true AS of_all FROM plan WHERE scope = 'all'
        UNION ALL SELECT unit, planned, false FROM per_training) p
 GROUP BY unit
UNION ALL
SELECT 'year'::text COLLATE "C", ''::text COLLATE "C", ''::text COLLATE "C", plan_year, unit,
       coalesce(sum(planned) FILTER (WHERE scope = 'year'), sum(planned) FILTER (WHERE scope = 'training'), sum(planned))::bigint
  FROM plan WHERE scope IN ('wave', 'training', 'year') AND plan_year IS NOT NULL GROUP BY plan_year, unit;
COMMENT ON VIEW pulse.plans IS 'People planned to register: targets of waves, trainings, years and over all, or the sums of those below';

GRANT SELECT ON pulse.worked_targets, pulse.plans TO mooc_writer;

COMMIT;
