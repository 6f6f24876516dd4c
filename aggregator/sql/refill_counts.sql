-- How many records of each partition go back. A row without value that still has its id was erased.
SELECT partition, count(*) FROM archive.events WHERE value IS NOT NULL OR id IS NULL GROUP BY partition ORDER BY partition
