SELECT archive.note_import(($1 || '-01')::date)
