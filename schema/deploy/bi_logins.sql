-- Deploy mooc_pulse:bi_logins to pg
-- Read-only logins for BI tools. The service owns no right to make roles: it may call these functions, which make and drop
-- logins of this one kind. Their owner is the login that deploys the schema, which needs CREATEROLE.
BEGIN;

SET LOCAL ROLE mooc_owner;
CREATE FUNCTION pulse.units_like(asked text) RETURNS text
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
SELECT string_agg(format('%s (%s)', u.unit, u.name), ', ' ORDER BY u.place, u.unit)
  FROM (SELECT u.unit, u.name,
               CASE WHEN lower(u.unit) = lower(asked) THEN 1
                    WHEN lower(asked) IN (lower(u.name), lower(u.printed_name)) THEN 2
                    WHEN EXISTS (SELECT FROM pulse.unit_aliases a WHERE a.unit = u.unit AND lower(a.alias) = lower(asked)) THEN 2
                    WHEN starts_with(lower(u.unit), lower(asked)) OR starts_with(lower(asked), lower(u.unit)) THEN 3
                    WHEN strpos(lower(u.name), lower(asked)) > 0 THEN 4
                    WHEN starts_with(lower(u.unit), left(lower(asked), greatest(2, length(asked) - 2))) THEN 5
               END AS place
          FROM pulse.units u ORDER BY place, u.unit LIMIT 3) u
 WHERE u.place IS NOT NULL
$$;
COMMENT ON FUNCTION pulse.units_like IS 'Up to three units that somebody may have meant, by code, name or alias';
REVOKE ALL ON FUNCTION pulse.units_like FROM PUBLIC;
GRANT EXECUTE ON FUNCTION pulse.units_like TO mooc_writer;

-- (From PostgreSQL 16 on, who deployed the schema is a member of mooc_bi too, to administer it; and, like this, of other roles.)
CREATE VIEW pulse.bi_logins AS
SELECT r.oid, r.rolname AS login
  FROM pg_roles r
 WHERE r.rolcanlogin AND NOT r.rolsuper
   AND (SELECT array_agg(DISTINCT m.roleid) FROM pg_auth_members m WHERE m.member = r.oid) = ARRAY(SELECT g.oid FROM pg_roles g WHERE g.rolname = 'mooc_bi');
COMMENT ON VIEW pulse.bi_logins IS 'The logins of BI tools: members of mooc_bi and of nothing else';
GRANT SELECT ON pulse.bi_logins TO mooc_writer;
RESET ROLE;

-- verifier: what PostgreSQL stores of a password (SCRAM-SHA-256), so that the password is in no statement and no log. units: whose
-- figures the login sees, with those below them; none: of all, or of those that a restored backup left under that name. DETAIL: what
-- mooc-aggregator tells instead of message and hint where Vietnamese is asked for.
CREATE FUNCTION pulse.add_bi_login(login text, verifier text, units text[] DEFAULT '{}') RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    unknown text := (SELECT min(u) FROM unnest(units) u WHERE NOT EXISTS (SELECT FROM pulse.units k WHERE k.unit = u COLLATE "C"));
    meant text := (SELECT pulse.units_like(unknown));
BEGIN
    IF login !~ '^[a-z][a-z0-9_]{0,47}$' OR login LIKE 'pg\_%' THEN
        RAISE EXCEPTION USING ERRCODE = 'invalid_parameter_value',
            MESSAGE = 'a login''s name is made of a-z, 0-9 and _, begins with a letter and has at most 48 characters',
            DETAIL = 'tên tài khoản chỉ gồm a-z, 0-9 và _, bắt đầu bằng chữ cái và dài nhiều nhất 48 ký tự';
    END IF;
    IF verifier !~ '^SCRAM-SHA-256\$[0-9]{4,7}:[A-Za-z0-9+/=]{16,}\$[A-Za-z0-9+/=]{44}:[A-Za-z0-9+/=]{44}$' THEN
        RAISE EXCEPTION USING ERRCODE = 'invalid_parameter_value', MESSAGE = 'this is no SCRAM-SHA-256 verifier';
    END IF;
    IF EXISTS (SELECT FROM pulse.bi_logins l WHERE l.login = add_bi_login.login) THEN
        RAISE EXCEPTION USING ERRCODE = 'duplicate_object',
            MESSAGE = format('the login %s is there already, and sees %s', login, coalesce(
                (SELECT 'the units ' || string_agg(g.unit, ', ' ORDER BY g.unit) FROM pulse.bi_grants g WHERE g.login = add_bi_login.login COLLATE "C"),
                'all units')),
            HINT = format('For other units or a new password: mooc-aggregator bi-user drop %s, which ends its sessions, then add it anew', login),
            DETAIL = format('đã có tài khoản %s, xem được %s. Để đổi đơn vị hay mật khẩu: mooc-aggregator bi-user drop %s (lệnh này kết thúc các '
                            'phiên của tài khoản), rồi lập lại', login, coalesce(
                (SELECT 'các đơn vị ' || string_agg(g.unit, ', ' ORDER BY g.unit) FROM pulse.bi_grants g WHERE g.login = add_bi_login.login COLLATE "C"),
                'mọi đơn vị'), login);
    ELSIF EXISTS (SELECT FROM pg_roles r WHERE r.rolname = login) THEN
        RAISE EXCEPTION USING ERRCODE = 'duplicate_object',
            MESSAGE = format('the database has a login or role %s that is no login of BI tools', login),
            HINT = 'Choose another name; mooc-aggregator bi-user list names those that bi-user made',
            DETAIL = format('cơ sở dữ liệu đã có tài khoản hoặc vai trò %s, không phải tài khoản của công cụ BI. Hãy chọn tên khác; mooc-aggregator '
                            'bi-user list liệt kê những tài khoản do bi-user lập', login);
    END IF;
    IF unknown IS NOT NULL THEN
        RAISE EXCEPTION USING ERRCODE = 'undefined_object',
            MESSAGE = format('there is no unit %s%s', unknown, coalesce('; did you mean ' || meant || '?', '')),
            DETAIL = format('không có đơn vị %s%s', unknown, coalesce('; có phải là ' || meant || '?', ''));
    END IF;
    IF units <> '{}' THEN
        DELETE FROM pulse.bi_grants g WHERE g.login = add_bi_login.login COLLATE "C";
    END IF;
    INSERT INTO pulse.bi_grants (login, unit) SELECT DISTINCT add_bi_login.login, u FROM unnest(units) u;
    EXECUTE format('CREATE ROLE %I LOGIN INHERIT NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION CONNECTION LIMIT 20 '
                   'PASSWORD %L IN ROLE mooc_bi', login, verifier);
    EXECUTE format('COMMENT ON ROLE %I IS %L', login, 'MOOC Pulse: reads schema bi');
    EXECUTE format('ALTER ROLE %I SET default_transaction_read_only = on', login);
    EXECUTE format('ALTER ROLE %I SET statement_timeout = %L', login, '60s');
    EXECUTE format('ALTER ROLE %I SET lock_timeout = %L', login, '5s');
    EXECUTE format('ALTER ROLE %I SET idle_in_transaction_session_timeout = %L', login, '5min');
    EXECUTE format('ALTER ROLE %I SET search_path = bi', login);
    -- The views are wide and their results small: compiling them costs more than it saves.
    EXECUTE format('ALTER ROLE %I SET jit = off', login);
    -- Sums over thousands of rows stay in memory; the store is in memory or on a fast disk. At 1.1 a whole training's rows would be
    -- fetched one by one along an index, at twice the time of page by page.
    EXECUTE format('ALTER ROLE %I SET work_mem = %L', login, '32MB');
    EXECUTE format('ALTER ROLE %I SET random_page_cost = 1.3', login);
    EXECUTE format('ALTER ROLE %I SET timezone = %L', login, 'Asia/Ho_Chi_Minh');
    -- All of the above a login can change for itself, this it cannot; nor can a deploying login that was not given the right to.
    IF (SELECT rolsuper FROM pg_roles WHERE rolname = current_user) OR has_parameter_privilege('temp_file_limit', 'SET') THEN
        EXECUTE format('ALTER ROLE %I SET temp_file_limit = %L', login, '4GB');
    END IF;
    -- Who is no superuser sees and ends sessions of roles whose rights it has.
    IF NOT (SELECT rolsuper FROM pg_roles WHERE rolname = current_user) THEN
        EXECUTE format('GRANT %I TO %I', login, current_user);
    END IF;
END $$;

CREATE FUNCTION pulse.drop_bi_login(login text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    -- Of this kind only: a login in mooc_bi and in nothing else.
    IF NOT EXISTS (SELECT FROM pulse.bi_logins l WHERE l.login = drop_bi_login.login) THEN
        RAISE EXCEPTION USING ERRCODE = 'undefined_object', MESSAGE = format('%s is no login of BI tools', login),
            HINT = 'mooc-aggregator bi-user list names them',
            DETAIL = format('%s không phải là tài khoản của công cụ BI. mooc-aggregator bi-user list liệt kê các tài khoản đó', login);
    END IF;
    -- One that was made by hand.
    IF NOT pg_has_role(login, 'USAGE') THEN
        EXECUTE format('GRANT %I TO %I', login, current_user);
    END IF;
    PERFORM pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = login;
    EXECUTE format('DROP ROLE %I', login);
    DELETE FROM pulse.bi_grants g WHERE g.login = drop_bi_login.login COLLATE "C";
END $$;

-- A login can switch its own time-outs off, and its transaction then keeps every table from being tidied up. In whatever database of
-- the server: a login is of all of them.
CREATE FUNCTION pulse.end_bi_sessions(longest interval) RETURNS integer
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
SELECT count(*) FILTER (WHERE pg_terminate_backend(a.pid))::integer
  FROM pg_stat_activity a JOIN pulse.bi_logins l ON l.oid = a.usesysid
 WHERE a.xact_start < clock_timestamp() - longest AND pg_has_role(l.oid, 'USAGE')
$$;

COMMENT ON FUNCTION pulse.end_bi_sessions IS 'Ends the sessions of BI tools whose transaction has lasted longer than that; how many';
COMMENT ON FUNCTION pulse.add_bi_login IS 'Makes a read-only login that sees schema bi and nothing else, all of it or its units, with time-outs';
COMMENT ON FUNCTION pulse.drop_bi_login IS 'Ends the sessions of such a login and drops it';
REVOKE ALL ON FUNCTION pulse.add_bi_login, pulse.drop_bi_login, pulse.end_bi_sessions FROM PUBLIC;
GRANT EXECUTE ON FUNCTION pulse.add_bi_login, pulse.drop_bi_login, pulse.end_bi_sessions TO mooc_writer;

COMMIT;
