SELECT g.generation, g.fold_version, g.config_version, g.state, l.generation IS NOT NULL AS live,
       -- A session of before the database's restart is made anew when there is something to write; signs of life go on meanwhile.
       CASE WHEN w.pid IS NOT NULL
             AND (EXISTS (SELECT FROM pg_stat_activity a WHERE a.pid = w.pid)
                  OR w.backend_start < pg_postmaster_start_time() AND w.heartbeat_at > clock_timestamp() - interval '10 seconds')
            THEN w.instance ELSE '' END AS writer,
       to_char(g.created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS created_at,
       (SELECT coalesce(sum(pg_total_relation_size(c.oid)), 0)::bigint FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
         WHERE n.nspname = 'gen_' || g.generation AND c.relkind = 'r') AS bytes,
       coalesce(pulse.changing_over(g.generation), '') AS changing_over
  FROM pulse.generations g LEFT JOIN pulse.live l USING (generation) LEFT JOIN pulse.writers w USING (generation)
 ORDER BY g.generation
