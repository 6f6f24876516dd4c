-- $1: a local day or NULL, for all. Entries of the audit, oldest first: for people, and each as one JSON object.
SELECT to_char(a.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'), a.operator, a.login, a.action, a.reason, a.generation,
       a.config_version,
       (SELECT string_agg(replace(d.key, '_', ' ') || ' '
                          || CASE jsonb_typeof(d.value) WHEN 'array' THEN jsonb_array_length(d.value)::text ELSE d.value #>> '{}' END,
                          ', ' ORDER BY d.key)
          FROM jsonb_each(a.detail) d),
       row_to_json(a)
  FROM pulse.audit a
 WHERE $1::date IS NULL OR a.at >= $1::date::timestamp AT TIME ZONE 'Asia/Ho_Chi_Minh'
 ORDER BY a.entry
