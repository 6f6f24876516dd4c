-- $17 holds the arrays one after the other; of each row and column the place where its array begins, 0: there is none (NULL).
INSERT INTO gen_N.activity (scope, training, wave, value, unit, month, change_7_sum, change_30_sum, active, change_7, change_30,
                            new_participants, exams_sat, exams_passed, newly_passed)
SELECT k.scope, k.training, k.wave, k.value, k.unit, k.month, k.change_7_sum, k.change_30_sum,
       ($17::integer[])[nullif(k.active, 0) : k.active + k.days - 1],
       ($17::integer[])[nullif(k.change_7, 0) : k.change_7 + k.days - 1],
       ($17::integer[])[nullif(k.change_30, 0) : k.change_30 + k.days - 1],
       ($17::integer[])[nullif(k.new_participants, 0) : k.new_participants + k.days - 1],
       ($17::integer[])[nullif(k.exams_sat, 0) : k.exams_sat + k.days - 1],
       ($17::integer[])[nullif(k.exams_passed, 0) : k.exams_passed + k.days - 1],
       ($17::integer[])[nullif(k.newly_passed, 0) : k.newly_passed + k.days - 1]
  FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::date[], $7::integer[], $8::bigint[], $9::bigint[],
              $10::integer[], $11::integer[], $12::integer[], $13::integer[], $14::integer[], $15::integer[], $16::integer[])
       AS k (scope, training, wave, value, unit, month, days, change_7_sum, change_30_sum, active, change_7, change_30,
             new_participants, exams_sat, exams_passed, newly_passed)
