-- $1: document, $2: report, $3: its cells.
INSERT INTO pulse.closed_cells (doc, report, part, "row", "column", unit, row_key, label, measure, heading, count, "of", printed)
SELECT $1, $2, c.part, c."row", c."column", c.unit, c.row_key, c.label, c.measure, c.heading, c.count, c."of", c.printed
  FROM jsonb_to_recordset($3::jsonb) AS c (part integer, "row" integer, "column" integer, unit text, row_key text, label text, measure text,
                                           heading text, count bigint, "of" bigint, printed text)
