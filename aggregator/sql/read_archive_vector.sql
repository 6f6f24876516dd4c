SELECT a.topic, a.partition, a.next_offset, coalesce(a.last_offset, -1), coalesce(a.last_id, ''), a.generation
  FROM archive.offsets a
 WHERE a.topic = $1::text
