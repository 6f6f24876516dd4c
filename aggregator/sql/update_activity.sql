-- $17 holds the arrays one after the other; of each row and column the place where its array begins, 0: there is none (NULL), -1: it
-- stays as it is.
UPDATE gen_N.activity a
   SET change_7_sum = k.change_7_sum, change_30_sum = k.change_30_sum,
       active = CASE WHEN k.active < 0 THEN a.active
                     ELSE ($17::integer[])[nullif(k.active, 0) : k.active + k.days - 1] END,
       change_7 = CASE WHEN k.change_7 < 0 THEN a.change_7
                       ELSE ($17::integer[])[nullif(k.change_7, 0) : k.change_7 + k.days - 1] END,
       change_30 = CASE WHEN k.change_30 < 0 THEN a.change_30
                        ELSE ($17::integer[])[nullif(k.change_30, 0) : k.change_30 + k.days - 1] END,
       new_participants = CASE WHEN k.new_participants < 0 THEN a.new_participants
                               ELSE ($17::integer[])[nullif(k.new_participants, 0) : k.new_participants + k.days - 1] END,
       exams_sat = CASE WHEN k.exams_sat < 0 THEN a.exams_sat
                        ELSE ($17::integer[])[nullif(k.exams_sat, 0) : k.exams_sat + k.days - 1] END,
       exams_passed = CASE WHEN k.exams_passed < 0 THEN a.exams_passed
                           ELSE ($17::integer[])[nullif(k.exams_passed, 0) : k.exams_passed + k.days - 1] END,
       newly_passed = CASE WHEN k.newly_passed < 0 THEN a.newly_passed
                           ELSE ($17::integer[])[nullif(k.newly_passed, 0) : k.newly_passed + k.days - 1] END
  FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::date[], $7::integer[], $8::bigint[], $9::bigint[],
              $10::integer[], $11::integer[], $12::integer[], $13::integer[], $14::integer[], $15::integer[], $16::integer[])
       AS k (scope, training, wave, value, unit, month, days, change_7_sum, change_30_sum, active, change_7, change_30,
             new_participants, exams_sat, exams_passed, newly_passed)
 WHERE a.scope = k.scope AND a.training = k.training AND a.wave = k.wave AND a.value = k.value AND a.unit = k.unit
   AND a.month = k.month
