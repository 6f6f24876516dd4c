-- See save_deadlines.sql.
MERGE INTO gen_N.tallies t
USING unnest($1::text[], $2::text[], $3::text[], $4::integer[], $5::text[], $6::text[], $7::text[], $8::bigint[], $9::bigint[],
             $10::bigint[], $11::bigint[], $12::bigint[], $13::bigint[], $14::bigint[], $15::bigint[], $16::bigint[], $17::bigint[],
             $18::bigint[], $19::bigint[], $20::bigint[], $21::bigint[], $22::bigint[], $23::bigint[], $24::bigint[])
      AS k (scope, training, wave, year, value, unit, study_group, registered, accounts, activated, enrolled, participated, completed,
            sat, passed, failed, certified, not_registered, first_time, passed_first, scored, attempts, attempts_passed, score_sum)
   ON t.scope = k.scope AND t.training = k.training AND t.wave = k.wave AND t.year = k.year AND t.value = k.value AND t.unit = k.unit
      AND t.study_group = k.study_group
 WHEN MATCHED AND t.registered + k.registered = 0 AND t.not_registered + k.not_registered = 0 THEN DELETE
 WHEN MATCHED THEN
      UPDATE SET registered = t.registered + k.registered,
                 accounts = t.accounts + k.accounts,
                 activated = t.activated + k.activated,
                 enrolled = t.enrolled + k.enrolled,
                 participated = t.participated + k.participated,
                 completed = t.completed + k.completed,
                 sat = t.sat + k.sat,
                 passed = t.passed + k.passed,
                 failed = t.failed + k.failed,
                 certified = t.certified + k.certified,
                 not_registered = t.not_registered + k.not_registered,
                 first_time = t.first_time + k.first_time,
                 passed_first = t.passed_first + k.passed_first,
                 scored = t.scored + k.scored,
                 attempts = t.attempts + k.attempts,
                 attempts_passed = t.attempts_passed + k.attempts_passed,
                 score_sum = t.score_sum + k.score_sum
 WHEN NOT MATCHED THEN
      INSERT (scope, training, wave, year, value, unit, study_group, registered, accounts, activated, enrolled, participated, completed,
              sat, passed, failed, certified, not_registered, first_time, passed_first, scored, attempts, attempts_passed, score_sum)
      VALUES (k.scope, k.training, k.wave, k.year, k.value, k.unit, k.study_group, k.registered, k.accounts, k.activated, k.enrolled,
              k.participated, k.completed, k.sat, k.passed, k.failed, k.certified, k.not_registered, k.first_time, k.passed_first,
              k.scored, k.attempts, k.attempts_passed, k.score_sum)
