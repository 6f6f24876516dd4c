-- Revert mooc_pulse:closed from pg
BEGIN;
DROP VIEW bi.closed_figures;
DROP TABLE pulse.closed_cells, pulse.closed_reports, pulse.closed_documents;
COMMIT;
