SELECT pg_terminate_backend(a.pid, 2000)
  FROM pulse.writers w
  JOIN pg_stat_activity a ON a.pid = w.pid AND a.backend_start = w.backend_start
 WHERE w.generation = $1::integer AND a.pid <> pg_backend_pid()
