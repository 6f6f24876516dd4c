-- Months that were taken out of the archive; their rows cannot be recomputed from.
SELECT string_agg(DISTINCT to_char(month, 'YYYY-MM'), ', ' ORDER BY to_char(month, 'YYYY-MM')) FROM archive.detached
