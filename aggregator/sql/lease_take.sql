UPDATE pulse.writers w
   SET epoch = nextval('pulse.writer_epoch'), instance = $2::text, pid = a.pid, backend_start = a.backend_start,
       heartbeat_at = clock_timestamp()
  FROM pg_stat_activity a
 WHERE w.generation = $1::integer AND a.pid = pg_backend_pid()
RETURNING w.epoch
