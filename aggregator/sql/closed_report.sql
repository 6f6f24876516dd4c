-- $1: document, $2: report, $3: language. One row: the report and its checksum, NULL if it was not closed; which were.
SELECT r.body, r.checksum,
       (SELECT string_agg(DISTINCT report, ', ' ORDER BY report) FROM pulse.closed_reports WHERE doc = w.wanted)
  FROM (SELECT $1::text COLLATE "C" AS wanted) w
  LEFT JOIN pulse.closed_reports r ON r.doc = w.wanted AND r.report = $2 AND r.language = $3
