-- Deploy mooc_pulse:roles to pg
-- Roles belong to the cluster, not to the database: another database of the same cluster may have made them.
BEGIN;

DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'mooc_owner') THEN
        CREATE ROLE mooc_owner NOLOGIN;
    END IF;
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'mooc_writer') THEN
        CREATE ROLE mooc_writer LOGIN;
    END IF;
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'mooc_bi') THEN
        CREATE ROLE mooc_bi NOLOGIN;
    END IF;
END $$;

-- For pulse.sessions_in_the_way alone, which tells since when a session holds what is to change. Where it may not be given, all but
-- that is told.
DO $$
BEGIN
    GRANT pg_read_all_stats TO mooc_owner;
EXCEPTION WHEN insufficient_privilege THEN
    RAISE NOTICE 'pg_read_all_stats cannot be given to mooc_owner by this login';
END $$;

COMMENT ON ROLE mooc_owner IS 'Owns every object of MOOC Pulse; nobody logs in as it';
COMMENT ON ROLE mooc_writer IS 'mooc-aggregator: reads and writes, owns nothing';
COMMENT ON ROLE mooc_bi IS 'Group of read-only logins: sees the views of schema bi and nothing else';

DO $$
BEGIN
    EXECUTE format('GRANT CREATE, CONNECT, TEMPORARY ON DATABASE %I TO mooc_owner', current_database());
    EXECUTE format('GRANT CONNECT, TEMPORARY ON DATABASE %I TO mooc_writer', current_database());
    EXECUTE format('GRANT CONNECT ON DATABASE %I TO mooc_bi', current_database());
    -- Who only reads makes nothing: PostgreSQL would let every login make temporary tables, and before version 15 others too.
    EXECUTE format('REVOKE TEMPORARY ON DATABASE %I FROM PUBLIC', current_database());
    IF to_regnamespace('public') IS NOT NULL THEN
        REVOKE CREATE ON SCHEMA public FROM PUBLIC;
    END IF;
    -- The deploying login makes objects in mooc_owner's name. From PostgreSQL 16 on, who makes a role may administer it and is a
    -- member by that, yet may not act as it.
    IF NOT (SELECT rolsuper FROM pg_roles WHERE rolname = current_user) THEN
        EXECUTE format('GRANT mooc_owner TO %I', current_user);
    END IF;
END $$;

-- PostgreSQL lets every login make large objects and write into the server's log of changes, in a read-only transaction too, and hold
-- the locks by which our commands keep out of each other's way. In this database who needs them has them. Only a superuser can say so.
DO $$
DECLARE
    f regprocedure;
BEGIN
    IF NOT (SELECT rolsuper FROM pg_roles WHERE rolname = current_user) THEN
        RAISE NOTICE 'large objects and advisory locks stay open to every login of this database: see docs/bi.md for what a superuser does';
        RETURN;
    END IF;
    FOR f IN SELECT p.oid FROM pg_proc p
              WHERE p.pronamespace = 'pg_catalog'::regnamespace
                AND (p.proname IN ('lo_create', 'lo_creat', 'lo_from_bytea', 'pg_logical_emit_message') OR p.proname ~ '^pg_(try_)?advisory_.*lock') LOOP
        EXECUTE format('REVOKE EXECUTE ON FUNCTION %s FROM PUBLIC', f);
        EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO mooc_owner, mooc_writer', f);
    END LOOP;
END $$;

COMMIT;
