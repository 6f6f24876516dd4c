-- $1: training or NULL, $2: wave or NULL, $3: units or NULL. What was planned and what was reached, every planned unit; who plans for others
-- stands first.
SELECT p.target, p.unit, p.unit_name, p.phase, coalesce(w.printed_name, p.training_name, p.year::text), p.measure, p.target_kind,
       p.approximate, p.planned_low, p.planned_high, round(100 * p.share, 2)::float8, p.staff, p.per_helper, p.helpers, p.actual, p.remaining,
       p.state, p.status, p.status_en, to_char(p.begins, 'DD/MM/YYYY'), p.ends::text, a.audience_name, a.audience_name_en,
       coalesce(w.printed_name, r.training_name_en, p.year::text), p.wave
  FROM bi.target_progress p
  LEFT JOIN bi.waves w ON w.wave = p.wave
  LEFT JOIN bi.units u ON u.unit = p.unit
  LEFT JOIN bi.trainings r ON r.training = p.training
  LEFT JOIN bi.audiences a ON a.audience = substr(p.measure, 13) COLLATE "C"
 WHERE ($1::text IS NULL OR p.training = $1 COLLATE "C") AND ($2::text IS NULL OR p.wave = $2 COLLATE "C")
   AND ($3::text[] IS NULL OR p.unit = ANY ($3::text[] COLLATE "C"))
 ORDER BY u.parent IS NOT NULL, p.print_order NULLS LAST, p.unit_name, p.unit, w.print_order NULLS FIRST, p.phase NULLS LAST, p.target
