SELECT pulse.restore_end($1)
