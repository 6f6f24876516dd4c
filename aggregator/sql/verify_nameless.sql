-- Entities without a learner; they are few, so a sample has all of them.
SELECT pg_temp.verify_compare('head counts', 'gen_N.headcounts',
    '(SELECT entity, type = ''attendance.recorded'' AS in_force, coalesce(wave, '''') AS wave, coalesce(unit, '''') AS unit, class AS activity,
             stated_day AS day, audiences, coalesce(people, 0) AS people, source, event_time, file, sheet, row_number, revision, data_hash
        FROM verify_current WHERE kind = ''attendance'' AND subject IS NULL)',
    '{entity}', '{in_force,wave,unit,activity,day,audiences,people,source,event_time,file,sheet,row_number,revision,data_hash}');
SELECT pg_temp.verify_compare('published totals', 'gen_N.totals',
    '(SELECT entity, wave, type = ''totals.published'' AS in_force, registered, passed, source, event_time, file, sheet, row_number, revision, data_hash
        FROM verify_current WHERE kind = ''totals'')',
    '{entity}', '{wave,in_force,registered,passed,source,event_time,file,sheet,row_number,revision,data_hash}');
SELECT pg_temp.verify_compare('marks', 'gen_N.marks',
    '(SELECT entity, source, stream, coalesce(substream, '''') AS substream, swept_partition AS partition, through, records, dead, revision, data_hash, every_s
        FROM verify_current WHERE type = ''source.swept'')',
    '{entity}', '{source,stream,substream,partition,through,records,dead,revision,data_hash,every_s}');

-- Dead letters of the archived topic only: records that could not be read (why, only the reader says), and rejected ones that came that way.
SELECT pg_temp.verify_compare('dead letters',
    '(SELECT * FROM gen_N.dead_letters WHERE topic IN (SELECT topic FROM archive.offsets))',
    '(SELECT encode(substring(sha256(''\x00''::bytea || convert_to(format(''unreadable:%s:%s:%s'', o.topic, p.partition, p."offset"), ''UTF8'')) FOR 16), ''hex'')::uuid AS entity,
             o.topic, p.partition, p."offset", true AS in_force
        FROM verify_parsed p JOIN archive.offsets o USING (partition) WHERE p.type IS NULL AND NOT p.erased
      UNION ALL
      SELECT c.entity, o.topic, c.partition, c."offset", c.type = ''record.rejected''
        FROM verify_current c JOIN archive.offsets o USING (partition) WHERE c.kind = ''record'')',
    '{entity}', '{topic,partition,offset,in_force}');

CREATE TEMP TABLE verify_unmapped ON COMMIT DROP AS
SELECT DISTINCT CASE WHEN kind IN ('roster', 'attendance') THEN 'wave' ELSE 'course' END AS kind, source,
       CASE WHEN kind IN ('roster', 'attendance') THEN coalesce(wave, '') ELSE course END AS code
  FROM verify_current
 WHERE training IS NULL AND (kind IN ('roster', 'enrollment', 'learning', 'exam', 'certificate') OR kind = 'attendance' AND subject IS NOT NULL);
-- Which codes the config lacks is nobody's data: it stays when the person who brought it up is erased, whose records no longer say it.
SELECT pg_temp.verify_compare('unmapped',
    '(SELECT u.kind, u.source, u.code FROM gen_N.unmapped u
       WHERE NOT EXISTS (SELECT FROM verify_erased)
          OR EXISTS (SELECT FROM verify_unmapped v WHERE (v.kind, v.source, v.code) = (u.kind, u.source, u.code)))',
    'verify_unmapped', '{kind,source,code}', '{}');
