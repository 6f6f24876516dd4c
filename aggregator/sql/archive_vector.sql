SELECT partition, next_offset FROM archive.offsets WHERE topic = $1 ORDER BY partition
