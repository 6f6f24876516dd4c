-- The tables of a backup, in the order in which a restore fills them.
SELECT name, pulse.saved_columns(name) FROM pulse.saved_tables ORDER BY position
