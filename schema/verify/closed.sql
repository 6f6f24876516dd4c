-- Verify mooc_pulse:closed on pg
SELECT doc, wave, at, offsets, checksum FROM pulse.closed_documents WHERE false;
SELECT doc, report, language, body FROM pulse.closed_reports WHERE false;
SELECT doc, report, unit, measure, value, printed FROM bi.closed_figures WHERE false;
