-- Who writes, whether its backend still lives, and for how long it has been silent (PostgreSQL's clock).
SELECT w.epoch, w.instance, coalesce(w.pid, 0),
       EXISTS (SELECT FROM pg_stat_activity a WHERE a.pid = w.pid AND a.backend_start = w.backend_start),
       coalesce((extract(epoch FROM clock_timestamp() - w.heartbeat_at) * 1000)::bigint, 9223372036854775807)
  FROM pulse.writers w
 WHERE w.generation = $1::integer
   FOR UPDATE
