-- Verify mooc_pulse:roles on pg
DO $$
BEGIN
    ASSERT (SELECT count(*) = 2 FROM pg_roles WHERE rolname IN ('mooc_owner', 'mooc_bi') AND NOT rolcanlogin);
    ASSERT NOT (SELECT rolsuper FROM pg_roles WHERE rolname = current_user) OR NOT has_function_privilege('mooc_bi', 'pg_catalog.lo_create(oid)', 'EXECUTE');
    ASSERT (SELECT rolcanlogin AND NOT rolsuper FROM pg_roles WHERE rolname = 'mooc_writer');
END $$;
