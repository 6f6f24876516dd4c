SELECT archive.detach_month(($1 || '-01')::date, $2::boolean)
