SELECT training, by_platform::integer, coalesce(min_score, 0), coalesce(min_progress, -1), certificate::integer, attempt,
       array_to_string(waves, ','), coalesce(valid_from - date '1970-01-01', -2147483648),
       coalesce(valid_to - date '1970-01-01', 2147483647)
  FROM pulse.pass_rules WHERE config_version = $1::integer ORDER BY training, position
