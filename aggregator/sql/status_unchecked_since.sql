-- Begin of the first month of which no checked export is known; NULL: there is none.
SELECT (extract(epoch FROM min(month)::timestamptz) * 1000000)::bigint
  FROM (SELECT to_date(substr(c.relname, 8), 'YYYY_MM') AS month
          FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
         WHERE i.inhparent = 'archive.events'::regclass) m
 WHERE NOT EXISTS (SELECT FROM archive.exports e WHERE e.month = m.month)
