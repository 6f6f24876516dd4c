SELECT training, pass_by_platform::integer, coalesce(pass_min_score, 0), coalesce(completion_min_progress, -1)
  FROM pulse.trainings WHERE config_version = $1::integer ORDER BY training
