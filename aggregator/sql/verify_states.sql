-- Each fact that the states hold is its entity's value of highest revision. Scores are held as shares; far beyond their maximum they compare as equal.
SELECT pg_temp.verify_compare('facts in states',
    '(SELECT subject, training, entity, kind, flags, revision, data_hash, us, day, greatest(least(value, 10000), -10000) AS value, attempt, course, name, citizen,
             faults, row_number, source, wave, unit, study_group, invited_by, file, sheet, identifiers, audiences FROM verify_packed)',
    '(SELECT c.of_subject AS subject, c.training, (''x'' || left(replace(c.entity::text, ''-'', ''''), 16))::bit(64)::bigint AS entity,
             array_position(''{roster,account,identity,enrollment,learning,exam,certificate,attendance}''::text[], c.kind) AS kind,
             CASE WHEN c.type IN (''roster.removed'', ''account.closed'', ''identity.unlinked'', ''enrollment.cancelled'', ''learning.withdrawn'',
                                  ''exam.annulled'', ''certificate.revoked'', ''attendance.withdrawn'') THEN 0 ELSE 1 END
             + CASE WHEN c.type = ''account.activated'' OR c.activated OR c.said THEN 2 ELSE 0 END
             + CASE WHEN c.kind = ''exam'' AND (c.said OR coalesce(c.sat, true)) THEN 4 ELSE 0 END
             + CASE WHEN pg_temp.verify_share(c.score, c.max_score) IS NULL THEN 0 ELSE 8 END + CASE WHEN c.observed THEN 16 ELSE 0 END AS flags,
             c.revision, c.data_hash, c.us, coalesce(c.stated_day - date ''1970-01-01'', pg_temp.verify_day(c.us)) AS day,
             CASE WHEN c.kind = ''learning'' THEN c.progress
                  ELSE coalesce(pg_temp.verify_share(c.score, c.max_score), 0) END AS value, coalesce(c.attempt, 0) AS attempt,
             CASE WHEN i.has THEN '''' ELSE c.course END AS course,
             CASE WHEN NOT i.has OR c.name IS NULL THEN 0
                  ELSE coalesce(nullif(pg_temp.verify_rank(convert_to(c.name, ''UTF8'')), 0), 1) END AS name,
             pg_temp.verify_key((SELECT n FROM unnest(c.identifiers) WITH ORDINALITY u (n, o) WHERE n LIKE ''citizen:%'' ORDER BY o LIMIT 1)) AS citizen,
             coalesce((SELECT bit_or(1 << (coalesce(array_position(''{email_malformed,email_missing,citizen_malformed,phone_malformed,listed_twice,''
                                                                   ''birth_date_malformed}''::text[], f), 7) - 1)) FROM unnest(c.faults) f), 0) AS faults,
             CASE WHEN i.has THEN c.row_number ELSE 0 END AS row_number, CASE WHEN i.has THEN c.source ELSE '''' END AS source,
             CASE WHEN c.kind IN (''roster'', ''attendance'') THEN coalesce(c.wave, '''') ELSE '''' END AS wave,
             CASE WHEN c.kind IN (''roster'', ''attendance'') THEN coalesce(c.unit, '''') ELSE '''' END AS unit,
             CASE WHEN c.kind = ''roster'' THEN coalesce(c.study_group, '''') ELSE '''' END AS study_group,
             CASE WHEN c.kind = ''roster'' THEN coalesce(c.invited_by, '''') ELSE '''' END AS invited_by,
             CASE WHEN i.has THEN c.file ELSE '''' END AS file, CASE WHEN i.has THEN c.sheet ELSE '''' END AS sheet,
             coalesce((SELECT string_agg(DISTINCT k, '' '' ORDER BY k)
                         FROM (SELECT pg_temp.verify_key(n)::text AS k FROM unnest(c.identifiers) n
                               UNION ALL SELECT c.of_subject::text WHERE c.kind = ''account'') k), '''') AS identifiers,
             coalesce((SELECT string_agg(DISTINCT n COLLATE "C", chr(10) ORDER BY n COLLATE "C") FROM unnest(c.audiences) n), '''') AS audiences
        FROM verify_current c
        JOIN verify_people p ON p.subject = c.of_subject
       CROSS JOIN LATERAL (SELECT c.kind IN (''roster'', ''account'', ''identity'', ''attendance'') AS has) i
       WHERE c.training IS NOT NULL AND c.kind <> ''learner''
      UNION ALL
      -- Of somebody erased that alone is held.
      SELECT DISTINCT subject, '''', 0, 9, 0, 0, 0, 0, 0, 0::float8, 0, '''', 0, NULL::uuid, 0, 0, '''', '''', '''', '''', '''', '''', '''', '''', ''''
        FROM verify_current JOIN verify_people USING (subject) WHERE kind = ''learner'')',
    '{subject,training,entity}',
    '{kind,flags,revision,data_hash,us,day,value,attempt,course,name,citizen,faults,row_number,source,wave,unit,study_group,invited_by,file,sheet,identifiers,audiences}');
