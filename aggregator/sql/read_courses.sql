SELECT source, course, training FROM pulse.courses WHERE config_version = $1::integer ORDER BY source, course
