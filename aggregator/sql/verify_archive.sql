-- The archive by itself.
INSERT INTO verify_differences
SELECT 'archive rows', jsonb_build_object('partition', partition, 'offset', "offset"), 'rows', count(*), '1', count(*) - 1
  FROM verify_parsed GROUP BY partition, "offset" HAVING count(*) > 1;

-- The chain of an entity is unbroken: what a revision replaces was read as well.
INSERT INTO verify_differences
SELECT 'archive rows', jsonb_build_object('partition', p.partition, 'offset', p."offset", 'entity', p.entity, 'revision', p.previous),
       NULL, 'none', 'a row', 1
  FROM verify_parsed p
 WHERE p.previous > 0
   AND NOT EXISTS (SELECT FROM verify_parsed b WHERE b.entity = p.entity AND b.revision = p.previous AND b.source = p.source);

-- No record stands where the archive has not come to.
INSERT INTO verify_differences
SELECT 'archive rows', jsonb_build_object('partition', a.partition, 'offset', a."offset"), 'beyond', 'a row', 'none', 1
  FROM archive.events a
 WHERE NOT EXISTS (SELECT FROM archive.offsets o WHERE o.partition = a.partition AND a."offset" < o.next_offset);

-- The last one of each partition, as the archive's own vector names it.
INSERT INTO verify_differences
SELECT 'archive rows', jsonb_build_object('partition', o.partition, 'offset', o.last_offset), 'id',
       coalesce(e.found, 'none'), coalesce(o.last_id, ''), 1
  FROM archive.offsets o
  JOIN pulse.offsets g USING (topic, partition)
  LEFT JOIN LATERAL (SELECT coalesce(p.id, encode(substring(sha256(coalesce(p.value, '')) FOR 16), 'hex')) AS found
                       FROM archive.events p WHERE p.partition = o.partition AND p."offset" = o.last_offset LIMIT 1) e ON true
 WHERE g.generation = current_setting('verify.generation')::integer AND o.last_offset IS NOT NULL
   AND e.found IS DISTINCT FROM o.last_id;

INSERT INTO verify_differences
SELECT 'archive rows', jsonb_build_object('partition', partition, 'offset', "offset"), 'month', place,
       'archive.events_' || to_char(log_time AT TIME ZONE 'UTC', 'YYYY_MM'), 1
  FROM verify_parsed WHERE place <> 'archive.events_' || to_char(log_time AT TIME ZONE 'UTC', 'YYYY_MM');

INSERT INTO verify_checks (name, compared, differences)
SELECT 'archive rows', (SELECT count(*) FROM verify_parsed), (SELECT count(*) FROM verify_differences WHERE name = 'archive rows');

INSERT INTO verify_differences
SELECT 'archive columns', jsonb_build_object('partition', partition, 'offset', "offset", 'id', id), wrong, 'other than the value says', 'as the value says', 1
  FROM verify_parsed WHERE wrong <> '';
INSERT INTO verify_checks (name, compared, differences)
SELECT 'archive columns', count(*) FILTER (WHERE type IS NOT NULL), count(*) FILTER (WHERE wrong <> '') FROM verify_parsed;
