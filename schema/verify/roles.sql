-- Verify mooc_pulse:roles on pg
DO $$
BEGIN
    ASSERT (SELECT count(*) = 2 FROM pg_roles WHERE rolname IN ('mooc_owner', 'mooc_bi') AND NOT rolcanlogin);
    ASSERT (SELECT rolcanlogin AND NOT rolsuper FROM pg_roles WHERE rolname = 'mooc_writer');
END $$;
