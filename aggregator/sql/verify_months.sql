-- The snapshot keeps a lock on the archive under which no month can be added to it: the next one must be there before the writer needs it.
SELECT archive.ensure_month(now() + interval '1 day'), to_regclass('archive.detached') IS NOT NULL
