SELECT g.generation, g.fold_version, g.config_version, g.state, l.generation IS NOT NULL AS live,
       -- A session of before the database's restart is made anew when there is something to write; signs of life go on meanwhile.
       CASE WHEN w.pid IS NOT NULL
             AND (EXISTS (SELECT FROM pg_stat_activity a WHERE a.pid = w.pid)
                  OR w.backend_start < pg_postmaster_start_time() AND w.heartbeat_at > clock_timestamp() - interval '10 seconds')
            THEN w.instance ELSE '' END AS writer,
       to_char(g.created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS created_at,
       (SELECT coalesce(sum(pg_total_relation_size(c.oid)), 0)::bigint FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
         WHERE n.nspname = 'gen_' || g.generation AND c.relkind = 'r') AS bytes,
       -- promote and rollback part both from who kept them current; a running program, all of whose writing sessions may be cut for a
       -- moment, changes over within seconds. Until somebody has followed a generation, who wrote the other one is who comes.
       CASE WHEN EXISTS (SELECT FROM pulse.audit s
                          WHERE s.action IN ('replay promote', 'replay rollback') AND s.at > clock_timestamp() - interval '15 seconds')
             AND EXISTS (SELECT FROM pg_stat_activity a
                          WHERE a.datname = current_database()
                            AND (a.application_name = 'mooc-aggregator look' OR a.application_name LIKE 'mooc-aggregator run on %'))
            THEN coalesce(nullif(w.instance, ''),
                          (SELECT max(o.instance) FROM pulse.writers o JOIN pulse.generations b USING (generation)
                            WHERE b.fold_version = g.fold_version), '') ELSE '' END AS changing_over
  FROM pulse.generations g LEFT JOIN pulse.live l USING (generation) LEFT JOIN pulse.writers w USING (generation)
 ORDER BY g.generation
