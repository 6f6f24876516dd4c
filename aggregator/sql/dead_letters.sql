-- Rejected and unreadable records in force in the live generation. Each of these may be NULL: $1 source, $2 reason, $3 wave, $4 unit;
-- $5: also those that were set aside? $6: an entity, or $7, $8, $9: topic, partition, offset. $10:
-- labels and advice in Vietnamese? (An event's revision is never 0.)
SELECT d.entity, d.topic, d.partition, d."offset", d.revision = 0, d.source, d.reason, CASE WHEN $10::boolean THEN coalesce(k.label_vi, u.label_vi) ELSE coalesce(k.label_en, u.label_en) END,
       CASE WHEN $10::boolean THEN coalesce(k.to_do_vi, u.to_do_vi) ELSE coalesce(k.to_do_en, u.to_do_en) END, d.detail, d.stream, d.wave, d.unit, d.file, d.sheet, d.row_number,
       CASE WHEN d.revision > 0
            THEN to_char(to_timestamp(d.revision / 1000000.0) AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') END,
       to_char(x.dropped_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'), x.dropped_by, x.reason,
       d.topic IN (SELECT topic FROM archive.offsets)
  FROM pulse.live_dead_letters d
  LEFT JOIN pulse.issue_kinds k ON k.kind = d.reason
  LEFT JOIN pulse.issue_kinds u ON u.kind = 'unreadable_record'
  LEFT JOIN pulse.dead_dropped x USING (entity, revision)
 WHERE d.in_force AND ($5::boolean OR x.entity IS NULL)
   AND ($1::text IS NULL OR d.source = $1 COLLATE "C") AND ($2::text IS NULL OR d.reason = $2 COLLATE "C")
   AND ($3::text IS NULL OR d.wave = $3 COLLATE "C") AND ($4::text IS NULL OR d.unit = $4 COLLATE "C")
   AND ($6::uuid IS NULL OR d.entity = $6::uuid)
   AND ($7::text IS NULL OR (d.topic = $7 COLLATE "C" AND d.partition = $8::integer AND d."offset" = $9::bigint))
 ORDER BY d.source, d.file, d.sheet, d.row_number, d.topic, d.partition, d."offset"
