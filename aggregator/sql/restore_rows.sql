SELECT pulse.restore_rows($1, $2::jsonb)
