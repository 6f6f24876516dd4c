-- The archive's rows before the generation's vector, each parsed once.
CREATE TEMP TABLE verify_parsed ON COMMIT DROP AS
SELECT row_number() OVER () AS line, p.place, p.partition, p."offset", p.log_time, p.id, p.type, p.kind, p.source, p.subject, p.entity,
       p.revision, p.previous, p.event_time, p.us, p.data_hash, p.erased,
       -- Which typed columns are not what the value says?
       CASE WHEN p.type IS NULL OR p.e IS NULL AND p.value IS NULL THEN ''
            WHEN p.e IS NULL THEN 'value'
            ELSE concat_ws(' ',
                CASE WHEN p.id IS DISTINCT FROM p.e ->> 'id' THEN 'id' END,
                CASE WHEN p.type IS DISTINCT FROM p.e ->> 'type' THEN 'type' END,
                CASE WHEN p.source IS DISTINCT FROM p.e ->> 'source' THEN 'source' END,
                CASE WHEN p.known AND p.subject IS DISTINCT FROM pg_temp.verify_key(p.e ->> 'subject') THEN 'subject' END,
                CASE WHEN p.known AND p.entity IS DISTINCT FROM pg_temp.verify_key(p.e ->> 'entity') THEN 'entity' END,
                CASE WHEN p.known AND p.revision::text IS DISTINCT FROM p.e ->> 'revision' THEN 'revision' END,
                CASE WHEN p.known AND p.previous::text IS DISTINCT FROM p.e ->> 'previous' THEN 'previous' END,
                CASE WHEN p.known AND p.event_time IS DISTINCT FROM pg_temp.verify_instant(p.e ->> 'time') THEN 'event_time' END,
                CASE WHEN p.known AND p.data_hash IS DISTINCT FROM pg_temp.verify_rank(
                              convert_to(p.type, 'UTF8') || '\x00'
                              || convert_to((convert_from(p.value, 'UTF8')::json -> 'data')::text, 'UTF8')) THEN 'data_hash' END)
       END AS wrong,
       p.e ->> 'timebasis' IS NOT DISTINCT FROM 'observed' AS observed,
       coalesce(p.e ->> 'importfile', '') AS file, coalesce(p.e ->> 'importsheet', '') AS sheet,
       coalesce((p.e ->> 'importrow')::numeric::bigint, 0) AS row_number,
       p.d ->> 'wave' AS wave, p.d ->> 'unit' AS unit, p.d ->> 'course' AS course, p.d ->> 'group' AS study_group,
       p.d ->> 'invited_by' AS invited_by, p.d ->> 'name' AS name, p.d ->> 'class' AS class, p.d ->> 'stream' AS stream,
       p.d ->> 'substream' AS substream, p.d ->> 'reason' AS reason, p.d ->> 'detail' AS detail,
       CASE WHEN p.kind IN ('learning', 'attendance') THEN (p.d ->> 'day')::date END AS stated_day,
       CASE WHEN p.kind = 'source' THEN pg_temp.verify_instant(p.d ->> 'through') END AS through,
       CASE WHEN p.kind = 'learning' THEN coalesce(pg_temp.verify_double((p.d ->> 'progress')::numeric), 0) END AS progress,
       CASE WHEN p.kind = 'account' THEN coalesce((p.d ->> 'activated')::boolean, false) END AS activated,
       CASE WHEN p.kind = 'exam' THEN coalesce((p.d ->> 'passed')::boolean, false) END AS said,
       CASE WHEN p.kind = 'exam' THEN (p.d ->> 'sat')::boolean END AS sat,
       CASE WHEN p.kind = 'exam' THEN (p.d ->> 'score')::numeric END AS score,
       CASE WHEN p.kind = 'exam' THEN (p.d ->> 'max_score')::numeric END AS max_score,
       CASE WHEN p.kind = 'attendance' THEN (p.d ->> 'count')::numeric::bigint END AS people,
       CASE WHEN p.kind = 'totals' THEN (p.d ->> 'registered')::numeric::bigint END AS registered,
       CASE WHEN p.kind = 'totals' THEN (p.d ->> 'passed')::numeric::bigint END AS passed,
       CASE WHEN p.kind = 'source' THEN (p.d ->> 'partition')::numeric::integer END AS swept_partition,
       CASE WHEN p.kind = 'source' THEN coalesce((p.d ->> 'records')::numeric::bigint, 0) END AS records,
       CASE WHEN p.kind = 'source' THEN coalesce((p.d ->> 'dead')::numeric::bigint, 0) END AS dead,
       CASE WHEN p.kind IN ('roster', 'account', 'identity', 'attendance') THEN pg_temp.verify_texts(p.d -> 'identifiers') END AS identifiers,
       CASE WHEN p.kind IN ('roster', 'attendance') THEN pg_temp.verify_texts(p.d -> 'audience') END AS audiences,
       CASE WHEN p.kind = 'roster' THEN pg_temp.verify_texts(p.d -> 'faults') END AS faults
  FROM (SELECT q.*, q.e -> 'data' AS d
          FROM (SELECT a.*, a.tableoid::regclass::text AS place, pg_temp.verify_microseconds(a.event_time) AS us,
                       split_part(a.type, '.', 1) COLLATE "C" AS kind,
                       -- An erased row keeps its place and id only; of a type that nobody knows there is no revision.
                       a.value IS NULL AND a.id IS NOT NULL AS erased, a.revision IS NOT NULL AS known,
                       CASE WHEN a.type IS NOT NULL THEN pg_temp.verify_json(convert_from(a.value, 'UTF8')) END AS e
                  FROM archive.events a
                  JOIN pulse.offsets o ON o.partition = a.partition AND a."offset" < o.next_offset
                 WHERE o.generation = current_setting('verify.generation')::integer
                   AND o.topic IN (SELECT topic FROM archive.offsets)
                OFFSET 0) q
        OFFSET 0) p;
ANALYZE verify_parsed (partition, "offset", entity, revision, previous, kind, type);

-- Of each entity the value of highest revision; equal ones are told apart by what they say.
CREATE TEMP TABLE verify_current ON COMMIT DROP AS
SELECT p.line, p.partition, p."offset", p.type, p.kind, p.source, p.subject, p.entity, p.revision, p.data_hash, p.event_time, p.us,
       p.observed, p.file, p.sheet, p.row_number, p.wave, p.unit, p.course, p.study_group, p.invited_by, p.name, p.class, p.stream,
       p.substream, p.reason, p.detail, p.stated_day, p.through, p.progress, p.activated, p.said, p.sat, p.score, p.max_score, p.people,
       p.registered, p.passed, p.swept_partition, p.records, p.dead, p.identifiers, p.audiences, p.faults,
       coalesce(p.subject, p.entity) AS of_subject,
       CASE WHEN p.kind IN ('account', 'identity') THEN ''
            WHEN p.kind = 'roster' OR p.kind = 'attendance' AND p.subject IS NOT NULL THEN w.training
            WHEN p.kind IN ('enrollment', 'learning', 'exam', 'certificate') THEN c.training
       END COLLATE "C" AS training
  FROM verify_parsed p
  JOIN (SELECT DISTINCT ON (entity) line
          FROM verify_parsed
         WHERE revision IS NOT NULL AND wrong <> 'value'
         ORDER BY entity, revision DESC, data_hash DESC, event_time DESC, row_number DESC, line DESC) newest USING (line)
  LEFT JOIN verify_waves w ON w.wave = p.wave
  LEFT JOIN verify_courses c ON c.source = p.source AND c.course = p.course;
ANALYZE verify_current (kind, type, source, of_subject, entity, training, wave);
