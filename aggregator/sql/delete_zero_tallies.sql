-- A row that counts nobody is no row: a replay would not make it.
DELETE FROM gen_N.tallies t
 USING unnest($1::text[], $2::text[], $3::text[], $4::integer[], $5::text[], $6::text[], $7::text[])
       AS k (scope, training, wave, year, value, unit, study_group)
 WHERE t.scope = k.scope AND t.training = k.training AND t.wave = k.wave AND t.year = k.year AND t.value = k.value
   AND t.unit = k.unit AND t.study_group = k.study_group
   AND t.registered = 0 AND t.not_registered = 0
