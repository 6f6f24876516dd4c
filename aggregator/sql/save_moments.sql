-- See save_deadlines.sql.
MERGE INTO gen_N.activity_5min a
USING unnest($1::text[], $2::text[], $3::timestamptz[], $4::bigint[], $5::bigint[], $6::bigint[], $7::bigint[])
      AS k (training, wave, began_at, facts, learners, exams_sat, exams_passed)
   ON a.training = k.training AND a.wave = k.wave AND a.began_at = k.began_at
 WHEN MATCHED AND a.learners + k.learners = 0 THEN DELETE
 WHEN MATCHED THEN
      UPDATE SET facts = a.facts + k.facts, learners = a.learners + k.learners,
                 exams_sat = a.exams_sat + k.exams_sat, exams_passed = a.exams_passed + k.exams_passed
 WHEN NOT MATCHED THEN
      INSERT (training, wave, began_at, facts, learners, exams_sat, exams_passed)
      VALUES (k.training, k.wave, k.began_at, k.facts, k.learners, k.exams_sat, k.exams_passed)
