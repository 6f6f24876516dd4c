-- $1: a month, "2026-03", of the archive. Leaves of its rows of erased learners what every such row keeps.
SELECT archive.blank_erased(('archive.events_' || replace($1, '-', '_'))::regclass)
