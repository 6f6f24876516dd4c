-- $1: training, $2: instant, $3: sources that are not waited for, with commas between them, or NULL. The platforms' streams that have not been
-- read through it, as text; NULL: all have.
SELECT string_agg(format('%s (%s) %s', s.source, coalesce(s.stream, '-'),
                         coalesce(to_char(s.complete_through AT TIME ZONE 'Asia/Ho_Chi_Minh', 'HH24:MI DD/MM/YYYY'), '–')),
                  ', ' ORDER BY s.source, s.stream)
  FROM pulse.training_streams s
 WHERE s.training = $1 COLLATE "C" AND (s.complete_through IS NULL OR s.complete_through < $2::timestamptz)
   AND s.source <> ALL (ARRAY(SELECT trim(w) COLLATE "C" FROM string_to_table(coalesce($3, ''), ',') w))
