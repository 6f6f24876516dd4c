-- $1: instant, $2: offsets as a closed document has them. What came after the closing of forms and totals timed up to the instant, and of
-- erasures at any time: of wave, unit, activity and audiences as the views show them.
WITH closed AS (
    SELECT (o ->> 1)::integer AS partition, (o ->> 2)::bigint AS next_offset FROM jsonb_array_elements($2::jsonb) o
), late AS (
    SELECT e.subject, e.id, e.type, e.previous, e.event_time, e.partition, e."offset",
           CASE WHEN e.type <> 'learner.erased' AND e.value IS NOT NULL THEN convert_from(e.value, 'UTF8')::jsonb -> 'data' END AS data
      FROM archive.events e LEFT JOIN closed c ON c.partition = e.partition
     WHERE e."offset" >= coalesce(c.next_offset, 0)
       AND ((e.event_time <= $1::timestamptz AND e.subject IS NULL
             AND e.type IN ('attendance.recorded', 'attendance.withdrawn', 'totals.published', 'totals.withdrawn'))
            OR e.type = 'learner.erased')
)
SELECT l.subject::text, l.id, l.type, l.previous <> 0 AND l.type NOT IN ('attendance.withdrawn', 'totals.withdrawn'), l.data ->> 'wave', l.data ->> 'unit',
       l.data ->> 'class',
       (SELECT ' | ' || string_agg(a.audience, ' | ' ORDER BY a.n) || ' | '
          FROM jsonb_array_elements_text(CASE WHEN jsonb_typeof(l.data -> 'audience') = 'array' THEN l.data -> 'audience' ELSE '[]' END)
               WITH ORDINALITY AS a (audience, n))
  FROM late l
 ORDER BY l.event_time, l.partition, l."offset"
