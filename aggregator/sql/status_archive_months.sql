SELECT to_char(to_date(substr(c.relname, 8), 'YYYY_MM'), 'YYYY-MM'), pg_total_relation_size(c.oid),
       EXISTS (SELECT FROM archive.exports e WHERE e.month = to_date(substr(c.relname, 8), 'YYYY_MM'))
  FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
 WHERE i.inhparent = 'archive.events'::regclass
 ORDER BY 1
