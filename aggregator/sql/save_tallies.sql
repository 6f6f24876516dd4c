-- Tallies are differences: what is written is added.
INSERT INTO gen_N.tallies AS t (scope, training, wave, year, value, unit, study_group, registered, accounts, activated, enrolled,
                                participated, completed, sat, passed, failed, certified, not_registered, first_time, passed_first,
                                scored, attempts, attempts_passed, score_sum)
SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::integer[], $5::text[], $6::text[],
                     $7::text[], $8::bigint[], $9::bigint[], $10::bigint[], $11::bigint[], $12::bigint[],
                     $13::bigint[], $14::bigint[], $15::bigint[], $16::bigint[], $17::bigint[], $18::bigint[],
                     $19::bigint[], $20::bigint[], $21::bigint[], $22::bigint[], $23::bigint[], $24::bigint[])
    ON CONFLICT (scope, training, wave, year, value, unit, study_group) DO UPDATE
   SET registered = t.registered + EXCLUDED.registered,
       accounts = t.accounts + EXCLUDED.accounts,
       activated = t.activated + EXCLUDED.activated,
       enrolled = t.enrolled + EXCLUDED.enrolled,
       participated = t.participated + EXCLUDED.participated,
       completed = t.completed + EXCLUDED.completed,
       sat = t.sat + EXCLUDED.sat,
       passed = t.passed + EXCLUDED.passed,
       failed = t.failed + EXCLUDED.failed,
       certified = t.certified + EXCLUDED.certified,
       not_registered = t.not_registered + EXCLUDED.not_registered,
       first_time = t.first_time + EXCLUDED.first_time,
       passed_first = t.passed_first + EXCLUDED.passed_first,
       scored = t.scored + EXCLUDED.scored,
       attempts = t.attempts + EXCLUDED.attempts,
       attempts_passed = t.attempts_passed + EXCLUDED.attempts_passed,
       score_sum = t.score_sum + EXCLUDED.score_sum
