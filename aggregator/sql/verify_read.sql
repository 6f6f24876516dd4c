-- The archive's rows before the generation's vector, each parsed once. Lists become arrays later: a subquery would keep this from being done
-- by several processes.
CREATE TEMP TABLE verify_parsed ON COMMIT DROP AS
SELECT row_number() OVER () AS line, r.*
  FROM (SELECT a.tableoid::regclass::text AS place, a.partition, a."offset", a.log_time, a.id, a.type, split_part(a.type, '.', 1) COLLATE "C" AS kind,
               a.source, a.subject, a.entity, a.revision, a.previous, a.event_time, pg_temp.verify_microseconds(a.event_time) AS us, a.data_hash,
               -- An erased row keeps its place and id only.
               a.value IS NULL AND a.id IS NOT NULL AS erased,
               -- Which typed columns are not what the value says? Of a type that nobody knows there is no revision.
               CASE WHEN a.type IS NULL THEN ''
                    WHEN e.specversion IS NULL THEN 'value'
                    ELSE concat_ws(' ',
                        CASE WHEN a.id IS DISTINCT FROM e.id THEN 'id' END,
                        CASE WHEN a.type IS DISTINCT FROM e.type THEN 'type' END,
                        CASE WHEN a.source IS DISTINCT FROM e.source THEN 'source' END,
                        CASE WHEN a.revision IS NOT NULL THEN concat_ws(' ',
                            CASE WHEN a.subject IS DISTINCT FROM CASE WHEN a.type = 'learner.erased' THEN d.key::uuid ELSE pg_temp.verify_key(e.subject) END
                                 THEN 'subject' END,
                            CASE WHEN a.entity IS DISTINCT FROM pg_temp.verify_key(e.entity) THEN 'entity' END,
                            CASE WHEN a.revision::text IS DISTINCT FROM e.revision THEN 'revision' END,
                            CASE WHEN a.previous::text IS DISTINCT FROM e.previous THEN 'previous' END,
                            CASE WHEN a.event_time IS DISTINCT FROM pg_temp.verify_instant(e."time") THEN 'event_time' END,
                            CASE WHEN a.data_hash IS DISTINCT FROM pg_temp.verify_rank(
                                     convert_to(a.type, 'UTF8') || '\x00'
                                     || convert_to((convert_from(a.value, 'UTF8')::json -> 'data')::text, 'UTF8')) THEN 'data_hash' END) END)
               END AS wrong,
               e.timebasis IS NOT DISTINCT FROM 'observed' AS observed, coalesce(e.importfile, '') AS file,
               coalesce(e.importsheet, '') AS sheet, coalesce(e.importrow::bigint, 0) AS row_number,
               d.wave, d.unit, d.course, d."group" AS study_group, d.invited_by, d.name, d.class, d.stream, d.substream, d.reason, d.detail,
               CASE WHEN a.type LIKE 'learning.%' OR a.type LIKE 'attendance.%' THEN d.day::date END AS stated_day,
               CASE WHEN a.type LIKE 'source.%' THEN pg_temp.verify_instant(d.through) END AS through,
               CASE WHEN a.type LIKE 'learning.%' THEN coalesce(pg_temp.verify_double(d.progress::numeric), 0) END AS progress,
               CASE WHEN a.type LIKE 'account.%' THEN coalesce(d.activated::boolean, false) END AS activated,
               CASE WHEN a.type LIKE 'exam.%' THEN coalesce(d.passed::boolean, false) END AS said,
               CASE WHEN a.type LIKE 'exam.%' THEN d.sat::boolean END AS sat,
               CASE WHEN a.type LIKE 'exam.%' THEN d.score::numeric END AS score,
               CASE WHEN a.type LIKE 'exam.%' THEN d.max_score::numeric END AS max_score,
               CASE WHEN a.type LIKE 'exam.%' THEN least(greatest(coalesce(d.attempt::numeric, 0), 0), 255)::integer END AS attempt,
               CASE WHEN a.type LIKE 'attendance.%' THEN d.count::numeric::bigint END AS people,
               CASE WHEN a.type LIKE 'totals.%' THEN d.registered::numeric::bigint END AS registered,
               CASE WHEN a.type LIKE 'totals.%' THEN d.passed::numeric::bigint END AS passed,
               CASE WHEN a.type LIKE 'source.%' THEN d.partition::numeric::integer END AS swept_partition,
               CASE WHEN a.type LIKE 'source.%' THEN coalesce(d.records::numeric::bigint, 0) END AS records,
               CASE WHEN a.type LIKE 'source.%' THEN coalesce(d.dead::numeric::bigint, 0) END AS dead,
               CASE WHEN a.type LIKE 'source.%' THEN coalesce(d.every::numeric::bigint, 0) END AS every_s,
               d.identifiers, d.audience AS audiences, d.faults
          FROM archive.events a
          JOIN pulse.offsets o ON o.partition = a.partition AND a."offset" < o.next_offset
          LEFT JOIN LATERAL jsonb_to_record(CASE WHEN a.type IS NOT NULL THEN pg_temp.verify_json(convert_from(a.value, 'UTF8')) END)
               AS e (specversion text, id text, type text, source text, subject text, entity text, revision text, previous text, "time" text,
                     timebasis text, importfile text, importsheet text, importrow numeric, data jsonb) ON true
          LEFT JOIN LATERAL jsonb_to_record(CASE WHEN jsonb_typeof(e.data) = 'object' THEN e.data END)
               AS d (wave text, unit text, course text, "group" text, invited_by text, name text, class text, stream text, substream text,
                     reason text, detail text, day text, through text, progress text, activated text, passed text, sat text, score text,
                     max_score text, attempt text, count text, registered text, partition text, records text, dead text, every text, key text, identifiers jsonb, audience jsonb,
                     faults jsonb) ON true
         WHERE o.generation = current_setting('verify.generation')::integer AND o.topic IN (SELECT topic FROM archive.offsets)
        OFFSET 0) r;
ANALYZE verify_parsed (partition, "offset", entity, revision, previous, kind, type);

-- Whoever was erased was never there, whenever that was; rows that are not blank yet say nothing any more.
CREATE TEMP TABLE verify_erased ON COMMIT DROP AS SELECT DISTINCT subject FROM verify_parsed WHERE type = 'learner.erased';
ANALYZE verify_erased;

-- Of each entity the value of highest revision; equal ones are told apart by what they say.
CREATE TEMP TABLE verify_current ON COMMIT DROP AS
SELECT p.line, p.partition, p."offset", p.type, p.kind, p.source, p.subject, p.entity, p.revision, p.data_hash, p.event_time, p.us,
       p.observed, p.file, p.sheet, p.row_number, p.wave, p.unit, p.course, p.study_group, p.invited_by, p.name, p.class, p.stream,
       p.substream, p.reason, p.detail, p.stated_day, p.through, p.progress, p.activated, p.said, p.sat, p.score, p.max_score, p.attempt, p.people,
       p.registered, p.passed, p.swept_partition, p.records, p.dead, p.every_s, pg_temp.verify_texts(p.identifiers) AS identifiers,
       pg_temp.verify_texts(p.audiences) AS audiences, pg_temp.verify_texts(p.faults) AS faults,
       coalesce(p.subject, p.entity) AS of_subject,
       CASE WHEN p.kind IN ('account', 'identity', 'learner') THEN ''
            WHEN p.kind = 'roster' OR p.kind = 'attendance' AND p.subject IS NOT NULL THEN w.training
            WHEN p.kind IN ('enrollment', 'learning', 'exam', 'certificate') THEN c.training
       END COLLATE "C" AS training
  FROM verify_parsed p
  JOIN (SELECT DISTINCT ON (entity) line
          FROM verify_parsed
         WHERE revision IS NOT NULL AND wrong <> 'value'
           AND (type = 'learner.erased' OR coalesce(subject, entity) NOT IN (SELECT subject FROM verify_erased))
         ORDER BY entity, revision DESC, data_hash DESC, event_time DESC, observed DESC, row_number DESC, line DESC) newest USING (line)
  LEFT JOIN verify_waves w ON w.wave = p.wave
  LEFT JOIN verify_courses c ON c.source = p.source AND c.course = p.course;
ANALYZE verify_current (kind, type, source, of_subject, entity, training, wave);
