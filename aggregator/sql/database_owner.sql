-- Who may make schemas in this database.
SELECT pg_get_userbyid(datdba) FROM pg_catalog.pg_database WHERE datname = current_database()
