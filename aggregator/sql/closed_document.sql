-- $1: document. One row: what is known of it, all NULL if there is none; which there are; its fold version.
SELECT d.wave, d.training, to_char(d.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
       to_char(d.closed_at AT TIME ZONE 'Asia/Ho_Chi_Minh', 'HH24:MI DD/MM/YYYY'), d.closed_by, d.generation, d.config_version, d.offsets,
       (SELECT string_agg(doc, ', ' ORDER BY closed_at DESC) FROM pulse.closed_documents), d.fold_version
  FROM (SELECT $1::text COLLATE "C" AS wanted) w LEFT JOIN pulse.closed_documents d ON d.doc = w.wanted
