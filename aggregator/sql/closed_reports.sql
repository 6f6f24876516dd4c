-- $1: document. The reports that it closed.
SELECT DISTINCT report FROM pulse.closed_reports WHERE doc = $1 ORDER BY report
