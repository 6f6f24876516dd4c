SELECT archive.ensure_month(($1 || '-01 00:00:00+00')::timestamptz)
