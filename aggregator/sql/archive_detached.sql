-- What was detached of a month, and what is attached of it all the same.
SELECT partition, rows, hash FROM archive.detached WHERE month = ($1 || '-01')::date
