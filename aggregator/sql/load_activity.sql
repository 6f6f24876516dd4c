-- By key; the first column tells which of the keys, from 0.
SELECT (k.position - 1)::integer, a.active, a.change_7, a.change_30, a.new_participants, a.exams_sat, a.exams_passed, a.newly_passed
  FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::date[]) WITH ORDINALITY
       AS k (scope, training, wave, value, unit, month, position)
  JOIN gen_N.activity a ON a.scope = k.scope AND a.training = k.training AND a.wave = k.wave AND a.value = k.value
                       AND a.unit = k.unit AND a.month = k.month
