-- $1: most differences shown of a check. Parts of a key that are empty say nothing.
SELECT name, (SELECT string_agg(format('%s=%s', k, v), ' ') FROM jsonb_each_text(key) x (k, v) WHERE v <> '' AND (k <> 'year' OR v <> '0')),
       column_name, stored, recomputed
  FROM (SELECT d.*, row_number() OVER (PARTITION BY d.name ORDER BY d.size DESC, d.key::text, d.column_name) AS number
          FROM verify_differences d) d
  JOIN verify_checks c USING (name)
 WHERE number <= $1::integer
 ORDER BY c.position, number
