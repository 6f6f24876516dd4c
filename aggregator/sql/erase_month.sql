SELECT archive.blank_erased($1::regclass)
