-- $1: generation or NULL (the live one); $2: training, $3: unit, empty: all. Settings verify.* hold it for the statements that follow.
SELECT g.generation, g.config_version, g.fold_version,
       $2::text = '' OR EXISTS (SELECT FROM pulse.trainings t WHERE t.config_version = g.config_version AND t.training = $2::text) AS training_known,
       $3::text = '' OR EXISTS (SELECT FROM pulse.units u WHERE u.unit = $3::text)
       OR EXISTS (SELECT FROM pulse.live_tallies f WHERE f.unit = $3::text) AS unit_known,
       g.state = 'building' AS building,
       set_config('verify.generation', g.generation::text, true), set_config('verify.config_version', g.config_version::text, true),
       set_config('verify.training', $2::text, true), set_config('verify.unit', $3::text, true)
  FROM pulse.generations g
 WHERE g.generation = coalesce($1::integer, (SELECT generation FROM pulse.live))
