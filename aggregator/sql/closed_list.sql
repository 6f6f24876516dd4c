-- The documents whose figures are closed, the oldest first: instants as programs and as people read them; the reports in each.
SELECT d.doc, d.wave, d.training, to_char(d.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
       to_char(d.at AT TIME ZONE 'Asia/Ho_Chi_Minh', 'HH24:MI DD/MM/YYYY'),
       to_char(d.closed_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
       to_char(d.closed_at AT TIME ZONE 'Asia/Ho_Chi_Minh', 'HH24:MI DD/MM/YYYY'), d.closed_by, d.reason,
       (SELECT string_agg(DISTINCT r.report, ', ' ORDER BY r.report) FROM pulse.closed_reports r WHERE r.doc = d.doc)
  FROM pulse.closed_documents d
 ORDER BY d.closed_at, d.doc
