-- Rows are differences: what is written is added. A row that counts nobody is no row: a replay would not make it. One writer at a time:
-- MERGE finds a row once and locks nothing beforehand, as ON CONFLICT would.
MERGE INTO gen_N.deadlines d
USING unnest($1::text[], $2::text[], $3::text[], $4::date[], $5::date[], $6::integer[], $7::bigint[])
      AS k (training, wave, unit, day_0, completed_on, lectures, learners)
   ON d.training = k.training AND d.wave = k.wave AND d.unit = k.unit AND d.day_0 = k.day_0 AND d.completed_on = k.completed_on
      AND d.lectures = k.lectures
 WHEN MATCHED AND d.learners + k.learners = 0 THEN DELETE
 WHEN MATCHED THEN UPDATE SET learners = d.learners + k.learners
 WHEN NOT MATCHED THEN
      INSERT (training, wave, unit, day_0, completed_on, lectures, learners)
      VALUES (k.training, k.wave, k.unit, k.day_0, k.completed_on, k.lectures, k.learners)
