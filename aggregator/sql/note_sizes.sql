SELECT pulse.note_sizes()
