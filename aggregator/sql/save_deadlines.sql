INSERT INTO gen_N.deadlines AS d (training, wave, unit, day_0, completed_on, lectures, learners)
SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::date[], $5::date[], $6::integer[], $7::bigint[])
    ON CONFLICT (training, wave, unit, day_0, completed_on, lectures) DO UPDATE SET learners = d.learners + EXCLUDED.learners
