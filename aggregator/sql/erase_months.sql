-- With those that were detached and kept; what only an export has is not here.
SELECT inhrelid::regclass::text FROM pg_inherits WHERE inhparent = 'archive.events'::regclass
 UNION
SELECT to_regclass(format('archive.%I', table_name))::text FROM archive.detached WHERE table_name IS NOT NULL
 ORDER BY 1
