-- Of whom the backup says that they are erased, an archive that was imported from an older export keeps place, time and id only.
SELECT sum(archive.blank_erased(inhrelid)) FROM pg_inherits WHERE inhparent = 'archive.events'::regclass
