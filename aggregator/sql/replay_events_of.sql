-- What the archive holds of some subjects, in the order of the facts' own time: a person may go by several subjects. Whole
-- partitions are looked through.
SELECT subject::text, id, type, source, to_char(event_time AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'), partition, "offset",
       ('x' || left(replace(entity::text, '-', ''), 16))::bit(64)::bigint, revision, data_hash
  FROM archive.events WHERE subject = ANY ($1::uuid[]) ORDER BY event_time, partition, "offset"
