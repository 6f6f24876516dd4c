-- Folded, and not yet gone from the archive.
SELECT subject FROM archive.erasures WHERE blanked_at IS NULL ORDER BY subject
