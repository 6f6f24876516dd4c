-- $1: training, $2: wave or NULL, $3: units or NULL. Where learners stand against their deadlines, by unit and wave.
SELECT d.unit, d.unit_name, d.wave, w.printed_name, d.learners, d.on_time, d.late, d.overdue, d.at_risk, d.in_time, d.not_begun,
       d.not_computable, to_char(d.next_due, 'DD/MM/YYYY')
  FROM bi.deadline_status d LEFT JOIN bi.waves w ON w.wave = d.wave
 WHERE d.training = $1 COLLATE "C" AND ($2::text IS NULL OR d.wave = $2 COLLATE "C")
   AND ($3::text[] IS NULL OR d.unit = ANY ($3::text[] COLLATE "C"))
 ORDER BY d.print_order NULLS LAST, d.unit_name, d.unit, w.print_order NULLS LAST, d.wave
