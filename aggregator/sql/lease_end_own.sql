-- The backend of a connection that is given up: it may not have heard, and would hold its rows and look like a living writer.
SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid = $1::integer AND backend_start = $2::timestamptz
