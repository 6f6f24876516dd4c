-- $1: subjects, $2: instant, $3: offsets as a closed document has them. What came after the closing of the facts timed up to the instant, as
-- figures as of an instant count them: with what was told first of the account of whoever did something by then, if nothing was told of
-- it by then. A list's row that was taken back with its import
-- is told as that. A link is its own subject. Whole partitions are looked through.
WITH closed AS (
    SELECT (o ->> 1)::integer AS partition, (o ->> 2)::bigint AS next_offset FROM jsonb_array_elements($3::jsonb) o
), revoked AS (
    SELECT convert_from(e.value, 'UTF8')::jsonb #>> '{data,import}' AS import
      FROM archive.events e LEFT JOIN closed c ON c.partition = e.partition
     WHERE e.type = 'import.revoked' AND e."offset" >= coalesce(c.next_offset, 0) AND e.value IS NOT NULL
), told AS (
    SELECT s.subject AS whose, e.*, e."offset" >= coalesce(c.next_offset, 0) AS late,
           coalesce(bool_or(e.event_time <= $2::timestamptz AND e.type IN ('enrollment.created', 'learning.progressed', 'exam.graded', 'certificate.issued'))
                        OVER (PARTITION BY s.subject), false)
           AND NOT coalesce(bool_or(e.event_time <= $2::timestamptz AND e.type IN ('account.created', 'account.activated', 'account.closed'))
                                OVER (PARTITION BY s.subject), false) AS acted
      FROM archive.events e LEFT JOIN closed c ON c.partition = e.partition
     CROSS JOIN LATERAL (SELECT CASE WHEN e.type IN ('identity.linked', 'identity.unlinked') THEN e.entity ELSE e.subject END AS subject) s
     WHERE s.subject = ANY ($1::uuid[])
)
SELECT t.whose::text, t.id,
       CASE WHEN t.type = 'roster.removed' AND convert_from(t.value, 'UTF8')::jsonb ->> 'importid' IN (SELECT r.import FROM revoked r)
            THEN 'import.revoked' ELSE t.type END,
       t.previous <> 0 AND t.type NOT IN ('roster.removed', 'account.closed', 'identity.unlinked', 'enrollment.cancelled', 'learning.withdrawn',
                                          'exam.annulled', 'certificate.revoked', 'attendance.withdrawn')
  FROM told t
 WHERE t.late AND (t.event_time <= $2::timestamptz OR (t.type IN ('account.created', 'account.activated') AND t.previous = 0 AND t.acted))
 ORDER BY t.whose, t.event_time, t.partition, t."offset"
