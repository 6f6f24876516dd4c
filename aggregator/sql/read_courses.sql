SELECT source, course, training, learning_shown::integer FROM pulse.courses WHERE config_version = $1::integer ORDER BY source, course
