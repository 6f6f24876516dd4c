UPDATE pulse.writers SET heartbeat_at = NULL, pid = NULL, backend_start = NULL
 WHERE generation = $1::integer AND epoch = $2::bigint
