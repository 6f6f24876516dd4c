SELECT pulse.restore_from_archive($1::jsonb)
