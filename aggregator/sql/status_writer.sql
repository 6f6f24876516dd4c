-- The live generation and who writes it. Ages in milliseconds by PostgreSQL's clock.
SELECT g.generation, g.config_version, w.instance, w.epoch,
       to_char(w.backend_start AT TIME ZONE 'Asia/Ho_Chi_Minh', 'HH24:MI:SS DD/MM/YYYY'),
       (extract(epoch FROM clock_timestamp() - w.heartbeat_at) * 1000)::bigint
  FROM pulse.live JOIN pulse.generations g USING (generation) LEFT JOIN pulse.writers w USING (generation)
