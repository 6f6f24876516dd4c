SELECT name, compared, differences FROM verify_checks ORDER BY position
