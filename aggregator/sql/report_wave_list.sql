-- $1: training, $2: unit or NULL, $3: wave or NULL, $4: the unit's units or NULL. Its counted waves in printed order with the people of the
-- unit and all below it; of how many units there is a plan, and how many have a plan or a list.
WITH figure AS (
    SELECT wave, CASE WHEN every(planned IS NOT NULL OR coalesce(registered, 0) = 0) THEN sum(planned)::bigint END AS planned,
           sum(registered)::bigint AS registered, sum(accounts)::bigint AS accounts,
           sum(participated)::bigint AS participated, sum(completed)::bigint AS completed, sum(sat)::bigint AS sat,
           sum(passed)::bigint AS passed, sum(certified)::bigint AS certified
      FROM bi.unit_rollup
     WHERE training = $1 COLLATE "C" AND tree = 'management' AND is_current
       AND CASE WHEN $2::text IS NULL THEN level = 0 ELSE unit = $2 COLLATE "C" END
     GROUP BY wave
), plan AS (
    SELECT wave, count(planned) AS planned, count(*) AS units FROM bi.participation
     WHERE training = $1 COLLATE "C" AND (planned IS NOT NULL OR registered > 0) AND ($4::text[] IS NULL OR unit = ANY ($4::text[] COLLATE "C"))
     GROUP BY wave
)
SELECT w.wave, w.printed_name, w.begins::text, w.ends::text, f.planned, f.registered, f.accounts,
       f.participated, f.completed, f.sat, f.passed, f.certified, n.planned, n.units
  FROM (SELECT wave, printed_name, begins, ends, row_number() OVER (ORDER BY print_order NULLS LAST, begins NULLS LAST, wave) AS n
          FROM bi.waves WHERE training = $1 COLLATE "C" AND figures = 'counted' AND ($3::text IS NULL OR wave = $3 COLLATE "C")) w
  LEFT JOIN figure f USING (wave)
  LEFT JOIN plan n USING (wave)
 ORDER BY w.n
