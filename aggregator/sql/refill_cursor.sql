DECLARE refilled NO SCROLL CURSOR FOR
SELECT partition, value FROM archive.events WHERE value IS NOT NULL OR id IS NULL ORDER BY partition, "offset"
