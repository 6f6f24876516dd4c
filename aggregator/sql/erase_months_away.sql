-- That only an export holds.
SELECT coalesce(string_agg(DISTINCT to_char(month, 'YYYY-MM'), ', '), '') FROM archive.detached WHERE table_name IS NULL
