-- The live generation, who writes it and who stands by; since when the database runs, if it was started after the writer's last sign of
-- life; and who comes back to these figures, within seconds of a switch. Ages in milliseconds by PostgreSQL's clock.
SELECT g.generation, g.config_version, w.instance, w.epoch,
       to_char(w.backend_start AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
       (extract(epoch FROM clock_timestamp() - w.heartbeat_at) * 1000)::bigint, g.fold_version,
       (SELECT string_agg(n.name, ', ' ORDER BY n.name)
          FROM (SELECT DISTINCT substr(a.application_name, length('mooc-aggregator run on ') + 1) AS name
                  FROM pg_stat_activity a
                 WHERE a.datname = current_database() AND a.application_name LIKE 'mooc-aggregator run on %'
                   AND a.pid IS DISTINCT FROM w.pid) n),
       CASE WHEN w.heartbeat_at < pg_postmaster_start_time()
            THEN to_char(pg_postmaster_start_time() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') END,
       pulse.changing_over(g.generation)
  FROM pulse.live JOIN pulse.generations g USING (generation) LEFT JOIN pulse.writers w USING (generation)
