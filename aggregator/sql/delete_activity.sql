DELETE FROM gen_N.activity a
 USING unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::date[])
       AS k (scope, training, wave, value, unit, month)
 WHERE a.scope = k.scope AND a.training = k.training AND a.wave = k.wave AND a.value = k.value AND a.unit = k.unit
   AND a.month = k.month
