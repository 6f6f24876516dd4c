-- How far the generation counted, and how far the archive goes: lacking > 0 where the archive ends before.
SELECT o.topic, o.partition, o.next_offset, coalesce(a.next_offset, 0), greatest(o.next_offset - coalesce(a.next_offset, 0), 0) AS lacking
  FROM pulse.offsets o
  LEFT JOIN archive.offsets a USING (topic, partition)
 WHERE o.generation = $1::integer AND o.topic IN (SELECT topic FROM archive.offsets)
 ORDER BY o.topic, o.partition
