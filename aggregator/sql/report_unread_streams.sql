-- $1: training, $2: instant, $3: sources that are not waited for, with commas between them, or NULL, $4: the word for one never read. The
-- platforms' streams that have not been read through it, as text; NULL: all have. Streams of a source that were read equally far stand
-- together, all of them without their names. Then through when all of them have been read; NULL: one never has.
SELECT string_agg(format('%s%s %s', l.source, CASE WHEN l.streams < l.of THEN format(' (%s)', l.names) END,
                         coalesce(to_char(l.complete_through AT TIME ZONE 'Asia/Ho_Chi_Minh', 'HH24:MI DD/MM/YYYY'), $4)),
                  ', ' ORDER BY l.source, l.names),
       CASE WHEN every(l.complete_through IS NOT NULL)
            THEN to_char(min(l.complete_through) AT TIME ZONE 'Asia/Ho_Chi_Minh', 'HH24:MI DD/MM/YYYY') END
  FROM (SELECT s.source, s.complete_through, count(*) AS streams, string_agg(coalesce(s.stream, '-'), ', ' ORDER BY s.stream) AS names,
               (SELECT count(*) FROM pulse.training_streams o WHERE o.training = $1 COLLATE "C" AND o.source = s.source) AS of
          FROM pulse.training_streams s
         WHERE s.training = $1 COLLATE "C" AND (s.complete_through IS NULL OR s.complete_through < $2::timestamptz)
           AND s.source <> ALL (ARRAY(SELECT trim(w) COLLATE "C" FROM string_to_table(coalesce($3, ''), ',') w))
         GROUP BY s.source, s.complete_through) l
