-- $1: document, $2: report, $3: language, $4: the report, $5: its checksum.
INSERT INTO pulse.closed_reports (doc, report, language, body, checksum) VALUES ($1, $2, $3, $4, $5)
