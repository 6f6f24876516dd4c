-- Verify mooc_pulse:file_issue_kinds on pg
SELECT 1 / count(*) FROM pulse.issue_kinds WHERE kind = 'max_score_missing';
