-- Closed figures: added, never changed, and shown to a login of one unit for that unit alone.
BEGIN;
\ir support/hagiang.psql
SELECT plan(9);

INSERT INTO pulse.closed_documents (doc, wave, training, at, generation, fold_version, config_version, offsets, checksum, closed_by)
VALUES ('555/CAT', 'DA06-2023-HG', 'DA06-2023', '2023-10-02 17:00+07', 1, 3, 1, '[["mooc.events.v1",0,100]]', 'c0ffee', 'minh');
INSERT INTO pulse.closed_cells (doc, report, part, "row", "column", unit, row_key, label, measure, heading, count, "of", printed) VALUES
    ('555/CAT', 'appendix1', 0, 0, 3, 'HG-SYTE', '|HG-SYTE', 'Sở Y tế', 'registered', 'Tổng', 80, NULL, '80'),
    ('555/CAT', 'appendix1', 0, 0, 5, 'HG-SYTE', '|HG-SYTE', 'Sở Y tế', 'account_rate', 'Tỷ lệ (%)', 73, 80, '91,3%'),
    ('555/CAT', 'appendix1', 0, 1, 3, 'HG-STP', '|HG-STP', 'Sở Tư pháp', 'registered', 'Tổng', 21, NULL, '21'),
    ('555/CAT', 'appendix1', 0, 2, 3, NULL, 'totals|Tổng', 'Tổng', 'registered', 'Tổng', 101, NULL, '101');

SELECT is((SELECT value FROM bi.closed_figures WHERE measure = 'account_rate'), 0.9125, 'the value is exact, whatever was printed');
SELECT is((SELECT sum(value) FROM bi.closed_figures WHERE measure = 'registered' AND unit IS NOT NULL), 101.0, 'counts are values');
SELECT is((SELECT DISTINCT changed_at FROM bi.closed_figures), (SELECT closed_at FROM pulse.closed_documents), 'they never change');
SELECT table_privs_are('pulse', t, 'mooc_writer', ARRAY['SELECT', 'INSERT'], 'the service adds to ' || t || ' and changes nothing')
  FROM unnest(ARRAY['closed_documents', 'closed_reports', 'closed_cells']) t;
SELECT table_privs_are('pulse', 'closed_cells', 'mooc_bi', ARRAY[]::text[], 'BI reads the view alone');

CREATE ROLE closed_reader IN ROLE mooc_bi;
INSERT INTO pulse.bi_grants VALUES ('closed_reader', 'HG-SYTE');
SET LOCAL ROLE closed_reader;
SELECT is((SELECT count(*)::integer FROM bi.closed_figures WHERE unit = 'HG-SYTE'), 2, 'a login of one unit sees its cells');
SELECT is((SELECT count(*)::integer FROM bi.closed_figures), 2, 'and neither others nor totals');
RESET ROLE;

SELECT * FROM finish();
ROLLBACK;
