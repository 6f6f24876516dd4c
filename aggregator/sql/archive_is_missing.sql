-- $1: month. Does only an export have it?
SELECT EXISTS (SELECT FROM archive.detached WHERE month = ($1 || '-01')::date AND table_name IS NULL)
