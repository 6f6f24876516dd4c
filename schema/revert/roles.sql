-- Revert mooc_pulse:roles from pg
-- The roles stay while another database of the cluster still uses them.
BEGIN;

DO $$
BEGIN
    EXECUTE format('GRANT TEMPORARY ON DATABASE %I TO PUBLIC', current_database());
END $$;

DO $$
DECLARE
    f regprocedure;
BEGIN
    IF NOT (SELECT rolsuper FROM pg_roles WHERE rolname = current_user) THEN
        RETURN;
    END IF;
    FOR f IN SELECT p.oid FROM pg_proc p
              WHERE p.pronamespace = 'pg_catalog'::regnamespace
                AND (p.proname IN ('lo_create', 'lo_creat', 'lo_from_bytea', 'pg_logical_emit_message') OR p.proname ~ '^pg_(try_)?advisory_.*lock') LOOP
        EXECUTE format('REVOKE EXECUTE ON FUNCTION %s FROM mooc_owner, mooc_writer', f);
        EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO PUBLIC', f);
    END LOOP;
END $$;

DO $$
DECLARE
    role_name text;
BEGIN
    FOREACH role_name IN ARRAY ARRAY['mooc_bi', 'mooc_writer', 'mooc_owner'] LOOP
        EXECUTE format('REVOKE ALL ON DATABASE %I FROM %I', current_database(), role_name);
        BEGIN
            EXECUTE format('DROP ROLE %I', role_name);
        EXCEPTION WHEN dependent_objects_still_exist THEN
            RAISE NOTICE 'role % is still in use by another database and stays', role_name;
        END;
    END LOOP;
END $$;

COMMIT;
