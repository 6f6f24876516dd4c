SELECT archive.attach_month(($1 || '-01')::date)
