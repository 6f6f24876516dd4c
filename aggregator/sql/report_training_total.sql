-- $1: training, $2: unit or NULL, $3: the unit's units or NULL. The people of the training, of the unit with all below it: each
-- person once, whatever waves they are in; how many of them are on no roster; and as in report_wave_list.sql of how many units there is a plan.
WITH figure AS (
    SELECT f.*, n.planned AS people_planned
      FROM bi.unit_rollup_training f LEFT JOIN bi.training_plans($1) n ON n.unit = f.unit
     WHERE f.training = $1 COLLATE "C" AND f.tree = 'management' AND f.is_current
)
SELECT CASE WHEN every(f.people_planned IS NOT NULL OR coalesce(f.registered, 0) = 0) THEN sum(f.people_planned)::bigint END,
       sum(registered)::bigint, sum(accounts)::bigint, sum(participated)::bigint, sum(completed)::bigint,
       sum(sat)::bigint, sum(passed)::bigint, sum(certified)::bigint,
       (SELECT p.not_registered FROM bi.participation_training p WHERE p.training = $1 COLLATE "C" AND p.unit IS NULL),
       max(n.planned), max(n.units)
  FROM figure f
 CROSS JOIN (SELECT count(planned) AS planned, count(*) AS units FROM bi.participation_training
              WHERE training = $1 COLLATE "C" AND unit IS NOT NULL AND (planned IS NOT NULL OR registered > 0)
                AND ($3::text[] IS NULL OR unit = ANY ($3::text[] COLLATE "C"))) n
 WHERE CASE WHEN $2::text IS NULL THEN level = 0 ELSE unit = $2 COLLATE "C" END
