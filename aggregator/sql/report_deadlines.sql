-- $1: training, $2: wave or NULL, $3: units or NULL, $4: of all these units together? Where learners stand against their deadlines, by unit
-- and wave.
SELECT d.unit, d.unit_name, d.wave, w.printed_name, sum(d.learners)::bigint, sum(d.on_time)::bigint, sum(d.late)::bigint,
       sum(d.overdue)::bigint, sum(d.at_risk)::bigint, sum(d.in_time)::bigint, sum(d.not_begun)::bigint, sum(d.not_computable)::bigint,
       min(d.next_due)::text
  FROM (SELECT CASE WHEN NOT $4::boolean THEN unit END AS unit, CASE WHEN NOT $4::boolean THEN unit_name END AS unit_name,
               CASE WHEN NOT $4::boolean THEN print_order END AS print_order, wave, learners, on_time, late, overdue, at_risk, in_time,
               not_begun, not_computable, next_due
          FROM bi.deadline_status
         WHERE training = $1 COLLATE "C" AND ($2::text IS NULL OR wave = $2 COLLATE "C")
           AND ($3::text[] IS NULL OR unit = ANY ($3::text[] COLLATE "C"))) d
  LEFT JOIN bi.waves w ON w.wave = d.wave
 GROUP BY d.unit, d.unit_name, d.print_order, d.wave, w.printed_name, w.print_order
 ORDER BY d.print_order NULLS LAST, d.unit_name, d.unit, w.print_order NULLS LAST, d.wave
