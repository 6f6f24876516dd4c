-- $1: most differences shown of a check. One row: what stands in pulse.verifications, and all of it as JSON.
WITH vector AS (
    SELECT jsonb_object_agg(topic, offsets) AS vector
      FROM (SELECT topic, jsonb_object_agg(partition, next_offset) AS offsets FROM pulse.offsets
             WHERE generation = current_setting('verify.generation')::integer AND topic IN (SELECT topic FROM archive.offsets) GROUP BY topic) o),
checks AS (
    SELECT jsonb_object_agg(name, jsonb_build_object('compared', compared, 'differences', differences)) AS checks,
           sum(compared) AS compared, sum(differences) AS differences
      FROM verify_checks),
shown AS (
    SELECT jsonb_agg(jsonb_build_object('check', name, 'key', key, 'column', column_name, 'stored', stored, 'recomputed', recomputed)
                     ORDER BY position, number) AS shown
      FROM (SELECT d.*, row_number() OVER (PARTITION BY d.name ORDER BY d.size DESC, d.key::text, d.column_name) AS number
              FROM verify_differences d) d
      JOIN verify_checks c USING (name)
     WHERE number <= $1::integer)
SELECT coalesce(vector, '{}')::text, checks::text, compared::text, differences::text,
       jsonb_build_object('generation', current_setting('verify.generation')::integer,
                          'config_version', current_setting('verify.config_version')::integer,
                          'training', nullif(current_setting('verify.training'), ''), 'unit', nullif(current_setting('verify.unit'), ''),
                          'vector', coalesce(vector, '{}'), 'equal', differences = 0, 'compared', compared, 'differences', differences,
                          'checks', checks, 'largest', coalesce(shown, '[]'))::text,
       to_char(transaction_timestamp() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')
  FROM vector, checks, shown
