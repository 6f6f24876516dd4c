UPDATE pulse.writers SET heartbeat_at = clock_timestamp() WHERE generation = $1::integer AND epoch = $2::bigint
