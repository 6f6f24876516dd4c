DECLARE replayed NO SCROLL CURSOR FOR
SELECT partition, "offset", value, value IS NULL AND id IS NOT NULL FROM archive.events WHERE partition
