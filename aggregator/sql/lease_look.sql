-- Who writes, whether its backend still lives, how long it has been silent by PostgreSQL's clock, its last sign of life, and whether
-- the generation is the live one.
-- Of another login's backends only the pid is to be seen: then silence alone decides.
SELECT w.instance,
       EXISTS (SELECT FROM pg_stat_activity a
                WHERE a.pid = w.pid AND (a.backend_start = w.backend_start OR a.backend_start IS NULL)),
       coalesce((extract(epoch FROM clock_timestamp() - w.heartbeat_at) * 1000)::bigint, 9223372036854775807),
       coalesce(w.epoch || ' ' || w.heartbeat_at, ''), w.epoch, w.generation = (SELECT generation FROM pulse.live)
  FROM pulse.writers w
 WHERE w.generation = $1::integer
