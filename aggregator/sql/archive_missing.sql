-- The months that only an export has, in order.
SELECT DISTINCT to_char(month, 'YYYY-MM') FROM archive.detached WHERE table_name IS NULL ORDER BY 1
