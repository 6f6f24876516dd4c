DELETE FROM gen_N.activity_5min a
 USING unnest($1::text[], $2::text[], $3::timestamptz[]) AS k (training, wave, began_at)
 WHERE a.training = k.training AND a.wave = k.wave AND a.began_at = k.began_at AND a.learners = 0
