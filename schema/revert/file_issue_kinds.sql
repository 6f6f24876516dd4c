-- Revert mooc_pulse:file_issue_kinds from pg
BEGIN;
SET LOCAL ROLE mooc_owner;
DELETE FROM pulse.issue_kinds WHERE position BETWEEN 300 AND 450;
COMMIT;
