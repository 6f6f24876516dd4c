-- The generation that the figures are of, with the config it was counted with; and how far its sources reach.
SELECT g.generation::text, g.config_version::text, g.fold_version::text,
       to_char(g.created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
       to_char(g.config_loaded_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'), g.records_counted::text
  FROM bi.generation g
