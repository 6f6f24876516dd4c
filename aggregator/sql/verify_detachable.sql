-- Does this database know months that are taken out of the archive?
SELECT to_regclass('archive.detached') IS NOT NULL
