INSERT INTO gen_N.activity_5min AS a (training, wave, began_at, facts, learners, exams_sat, exams_passed)
SELECT * FROM unnest($1::text[], $2::text[], $3::timestamptz[], $4::bigint[], $5::bigint[], $6::bigint[], $7::bigint[])
    ON CONFLICT (training, wave, began_at) DO UPDATE
   SET facts = a.facts + EXCLUDED.facts, learners = a.learners + EXCLUDED.learners,
       exams_sat = a.exams_sat + EXCLUDED.exams_sat, exams_passed = a.exams_passed + EXCLUDED.exams_passed
