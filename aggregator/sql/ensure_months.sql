SELECT archive.ensure_month(instant) FROM unnest($1::timestamptz[]) AS instant
