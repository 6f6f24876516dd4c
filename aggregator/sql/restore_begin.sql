SELECT pulse.restore_begin($1)
