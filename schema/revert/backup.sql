-- Revert mooc_pulse:backup from pg
BEGIN;
DROP FUNCTION pulse.restore_from_archive, pulse.restore_end, pulse.restore_rows, pulse.restore_begin, pulse.saved_rows, pulse.saved_columns, pulse.saved_table,
    pulse.saved_logins;
DROP TABLE pulse.saved_tables;
COMMIT;
