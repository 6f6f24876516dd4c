DELETE FROM gen_N.deadlines d
 USING unnest($1::text[], $2::text[], $3::text[], $4::date[], $5::date[], $6::integer[])
       AS k (training, wave, unit, day_0, completed_on, lectures)
 WHERE d.training = k.training AND d.wave = k.wave AND d.unit = k.unit AND d.day_0 = k.day_0
   AND d.completed_on = k.completed_on AND d.lectures = k.lectures AND d.learners = 0
