SELECT wave, training, coalesce(begins - date '1970-01-01', -2147483648), coalesce(ends - date '1970-01-01', 2147483647)
  FROM pulse.waves WHERE config_version = $1::integer ORDER BY wave
