-- $1: subjects, $2: instant, $3: offsets as a closed document has them. Facts timed up to the instant that came after the closing.
SELECT e.subject::text, e.id, e.type
  FROM archive.events e
  LEFT JOIN (SELECT (o ->> 1)::integer AS partition, (o ->> 2)::bigint AS next_offset FROM jsonb_array_elements($3::jsonb) o) c
    ON c.partition = e.partition
 WHERE e.subject = ANY ($1::uuid[]) AND (e.event_time <= $2::timestamptz OR e.type = 'learner.erased') AND e."offset" >= coalesce(c.next_offset, 0)
 ORDER BY e.subject, e.event_time, e.partition, e."offset"
