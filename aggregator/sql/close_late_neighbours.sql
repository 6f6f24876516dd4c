-- $1: subjects, $2: instant, $3: offsets as a closed document has them. What came after the closing of others who carry, or carried, an
-- identifier of theirs: it may link them, or link nobody any more, or be a fault of theirs.
WITH closed AS (
    SELECT (o ->> 1)::integer AS partition, (o ->> 2)::bigint AS next_offset FROM jsonb_array_elements($3::jsonb) o
), told AS NOT MATERIALIZED (
    SELECT CASE WHEN e.type IN ('identity.linked', 'identity.unlinked') THEN e.entity ELSE e.subject END AS subject, e.id, e.type, e.previous,
           e.event_time, e.partition, e."offset", e.value, e."offset" >= coalesce(c.next_offset, 0) AS late
      FROM archive.events e LEFT JOIN closed c ON c.partition = e.partition
     WHERE e.value IS NOT NULL AND e.event_time <= $2::timestamptz
       AND e.type IN ('roster.listed', 'roster.removed', 'account.created', 'account.activated', 'account.closed', 'identity.linked',
                      'identity.unlinked', 'attendance.recorded', 'attendance.withdrawn')
), mine AS (
    SELECT DISTINCT t.subject, i.identifier
      FROM told t
     CROSS JOIN LATERAL (SELECT convert_from(t.value, 'UTF8')::jsonb AS event) v
     CROSS JOIN LATERAL (SELECT jsonb_array_elements_text(v.event #> '{data,identifiers}') AS identifier
                         UNION SELECT v.event ->> 'subject' WHERE t.type LIKE 'account.%') i
     WHERE t.subject = ANY ($1::uuid[])
), came AS (
    SELECT * FROM told t WHERE t.late AND t.subject IS NOT NULL
), theirs AS (
    SELECT DISTINCT t.subject, i.identifier
      FROM told t
     CROSS JOIN LATERAL (SELECT convert_from(t.value, 'UTF8')::jsonb AS event) v
     CROSS JOIN LATERAL (SELECT jsonb_array_elements_text(v.event #> '{data,identifiers}') AS identifier
                         UNION SELECT v.event ->> 'subject' WHERE t.type LIKE 'account.%') i
     WHERE t.subject IN (SELECT c.subject FROM came c)
)
SELECT n.mine::text, c.id, c.type, c.previous <> 0 AND c.type IN ('roster.listed', 'account.created', 'attendance.recorded')
  FROM (SELECT DISTINCT m.subject AS mine, t.subject AS theirs
          FROM mine m JOIN theirs t USING (identifier) WHERE m.subject <> t.subject) n
  JOIN came c ON c.subject = n.theirs
 ORDER BY n.mine, c.event_time, c.partition, c."offset"
