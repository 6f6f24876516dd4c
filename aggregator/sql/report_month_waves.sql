-- $1: training, $2: unit or NULL, $3: its units or NULL, $4: first day of the month. By wave, and of the training (wave NULL, each person once):
-- who is new in the month, who there was by its end, and, as they are known now, plan, list, completed and certified; and as in report_wave_list.sql of how many
-- units there is a plan.
WITH daily AS (
    SELECT wave, sum(new_participants) FILTER (WHERE day >= $4::date) AS new_participants,
           sum(newly_passed) FILTER (WHERE day >= $4::date) AS newly_passed, sum(new_participants) AS participated, sum(newly_passed) AS passed
      FROM (SELECT wave, unit, day, new_participants, newly_passed FROM bi.participation_daily_wave WHERE training = $1 COLLATE "C"
            UNION ALL
            SELECT '', unit, day, new_participants, newly_passed FROM bi.participation_daily WHERE training = $1 COLLATE "C") d
     WHERE unit <> '' AND day < ($4::date + interval '1 month')::date AND ($3::text[] IS NULL OR unit = ANY ($3::text[] COLLATE "C"))
     GROUP BY wave
), known AS (
    SELECT wave, planned, registered, participated, completed, certified FROM bi.unit_rollup
     WHERE training = $1 COLLATE "C" AND tree = 'management' AND is_current
       AND CASE WHEN $2::text IS NULL THEN level = 0 ELSE unit = $2 COLLATE "C" END
    UNION ALL
    SELECT '', n.planned, f.registered, f.participated, f.completed, f.certified
      FROM bi.unit_rollup_training f LEFT JOIN bi.training_plans($1) n ON n.unit = f.unit
     WHERE f.training = $1 COLLATE "C" AND f.tree = 'management' AND f.is_current
       AND CASE WHEN $2::text IS NULL THEN f.level = 0 ELSE f.unit = $2 COLLATE "C" END
), figure AS (
    SELECT wave, CASE WHEN every(planned IS NOT NULL OR coalesce(registered, 0) = 0) THEN sum(planned)::bigint END AS planned,
           sum(registered)::bigint AS registered, count(participated) > 0 AS seen,
           sum(completed)::bigint AS completed, sum(certified)::bigint AS certified
      FROM known GROUP BY wave
), plan AS (
    SELECT wave, count(planned) AS planned, count(*) AS units
      FROM (SELECT wave, unit, planned, registered FROM bi.participation WHERE training = $1 COLLATE "C"
            UNION ALL
            SELECT '', unit, planned, registered FROM bi.participation_training WHERE training = $1 COLLATE "C") p
     WHERE unit IS NOT NULL AND (planned IS NOT NULL OR registered > 0) AND ($3::text[] IS NULL OR unit = ANY ($3::text[] COLLATE "C"))
     GROUP BY wave
), line AS (
    SELECT wave, printed_name, row_number() OVER (ORDER BY print_order NULLS LAST, begins NULLS LAST, wave) AS n
      FROM bi.waves WHERE training = $1 COLLATE "C" AND figures = 'counted'
    UNION ALL
    SELECT '', NULL, NULL
)
SELECT nullif(l.wave, ''), l.printed_name, f.planned, f.registered, CASE WHEN f.seen THEN coalesce(d.new_participants, 0)::bigint END,
       CASE WHEN f.seen THEN coalesce(d.newly_passed, 0)::bigint END, CASE WHEN f.seen THEN coalesce(d.participated, 0)::bigint END,
       CASE WHEN f.seen THEN coalesce(d.passed, 0)::bigint END, f.completed, f.certified, n.planned, n.units
  FROM line l LEFT JOIN figure f USING (wave) LEFT JOIN daily d USING (wave) LEFT JOIN plan n USING (wave)
 ORDER BY l.n NULLS LAST
