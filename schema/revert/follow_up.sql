-- Revert mooc_pulse:follow_up from pg
-- The role stays while another database of the cluster still uses it.
BEGIN;

DROP FUNCTION pulse.follow_up_people, pulse.follow_up_carriers, pulse.follow_up_named, pulse.follow_up_issues, pulse.follow_up_platforms,
    pulse.follow_up_due;
REVOKE ALL ON ALL TABLES IN SCHEMA pulse FROM mooc_follow_up;
REVOKE ALL ON FUNCTION pulse.audit_note, pulse.live_among FROM mooc_follow_up;
REVOKE ALL ON bi.freshness FROM mooc_follow_up;
REVOKE ALL ON SCHEMA bi, pulse FROM mooc_follow_up;

DO $$
BEGIN
    EXECUTE format('REVOKE ALL ON DATABASE %I FROM mooc_follow_up', current_database());
    BEGIN
        DROP ROLE mooc_follow_up;
    EXCEPTION WHEN dependent_objects_still_exist THEN
        RAISE NOTICE 'role mooc_follow_up is still in use by another database and stays';
    END;
END $$;

COMMIT;
