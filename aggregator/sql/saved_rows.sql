SELECT pulse.saved_rows($1)
