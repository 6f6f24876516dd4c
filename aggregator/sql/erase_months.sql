SELECT inhrelid::regclass::text FROM pg_inherits WHERE inhparent = 'archive.events'::regclass ORDER BY 1
