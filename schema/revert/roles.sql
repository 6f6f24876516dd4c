-- Revert mooc_pulse:roles from pg
-- The roles stay while another database of the cluster still uses them.
BEGIN;

DO $$
BEGIN
    EXECUTE format('GRANT TEMPORARY ON DATABASE %I TO PUBLIC', current_database());
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
