-- Deploy mooc_pulse:backup to pg
-- What no log can give back, table by table, for `mooc-aggregator backup` and `restore`. A change that adds such a table adds its row here.
BEGIN;

-- BI logins belong to the cluster. Owned by the login that deploys: what is stored of their passwords can be read only if that one is a
-- superuser; else NULL, and passwords must be set anew.
CREATE FUNCTION pulse.saved_logins() RETURNS TABLE (login text, verifier text)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    readable boolean := has_table_privilege('pg_authid', 'SELECT');
    one_login text;
BEGIN
    FOR one_login IN
        SELECT l.login FROM pulse.bi_logins l ORDER BY l.login COLLATE "C"
    LOOP
        login := one_login;
        verifier := NULL;
        IF readable THEN
            SELECT a.rolpassword INTO verifier FROM pg_authid a WHERE a.rolname = one_login AND a.rolpassword LIKE 'SCRAM-SHA-256$%';
        END IF;
        RETURN NEXT;
    END LOOP;
END $$;
COMMENT ON FUNCTION pulse.saved_logins IS 'Logins of BI tools and what is stored of their passwords, where that can be read';
REVOKE ALL ON FUNCTION pulse.saved_logins FROM PUBLIC;
GRANT EXECUTE ON FUNCTION pulse.saved_logins TO mooc_writer;

SET LOCAL ROLE mooc_owner;

CREATE TABLE pulse.saved_tables (
    position integer PRIMARY KEY,
    name     text COLLATE "C" NOT NULL UNIQUE
);
COMMENT ON TABLE pulse.saved_tables IS
    'Tables whose rows no log and no other table can give back: what a backup holds, in the order in which a restore fills them';
INSERT INTO pulse.saved_tables (position, name) VALUES
    (10, 'pulse.config_versions'),
    (20, 'pulse.trainings'),
    (30, 'pulse.pass_rules'),
    (40, 'pulse.waves'),
    (50, 'pulse.courses'),
    (60, 'pulse.units'),
    (70, 'pulse.unit_successors'),
    (80, 'pulse.unit_lines'),
    (90, 'pulse.unit_aliases'),
    (100, 'pulse.training_labels'),
    (110, 'pulse.wave_labels'),
    (120, 'pulse.targets'),
    (130, 'pulse.staff'),
    (140, 'pulse.audience_labels'),
    (150, 'pulse.calendar'),
    (160, 'pulse.dead_dropped'),
    (165, 'pulse.bi_grants'),
    (170, 'pulse.audit'),
    (171, 'pulse.closed_documents'),
    (172, 'pulse.closed_reports'),
    (173, 'pulse.closed_cells');

CREATE FUNCTION pulse.saved_table(table_name text) RETURNS regclass
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM pulse.saved_tables WHERE name = table_name) THEN
        RAISE EXCEPTION USING ERRCODE = 'undefined_table', MESSAGE = format('%s is no table of a backup', table_name);
    END IF;
    RETURN table_name::regclass;
END $$;
COMMENT ON FUNCTION pulse.saved_table IS 'The table, if a backup holds it';

CREATE FUNCTION pulse.saved_columns(table_name text) RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
SELECT string_agg(attname || ' ' || format_type(atttypid, atttypmod), ', ' ORDER BY attname COLLATE "C")
  FROM pg_attribute WHERE attrelid = pulse.saved_table(table_name) AND attnum > 0 AND NOT attisdropped
$$;
COMMENT ON FUNCTION pulse.saved_columns IS 'Names and types of the table''s columns: a backup with others is not restored';

CREATE FUNCTION pulse.saved_rows(table_name text) RETURNS SETOF text
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET extra_float_digits = 3 SET timezone = 'UTC' AS $$
BEGIN
    RETURN QUERY EXECUTE format('SELECT row_to_json(t)::text FROM %s t ORDER BY row_to_json(t)::text COLLATE "C"',
                                pulse.saved_table(table_name));
END $$;
COMMENT ON FUNCTION pulse.saved_rows IS 'The table''s rows, one JSON object each, always in the same order';

-- Restoring -----------------------------------------------------------------------------------------------------------------

CREATE FUNCTION pulse.restore_begin(with_archive boolean) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    found text;
    filled boolean;
    saved record;
BEGIN
    -- Nobody begins to count meanwhile.
    LOCK TABLE pulse.offsets, archive.offsets IN SHARE ROW EXCLUSIVE MODE;
    PERFORM FROM pulse.generations FOR UPDATE;
    IF EXISTS (SELECT FROM pulse.offsets) THEN
        found := 'counted figures (pulse.offsets)';
    ELSIF with_archive AND NOT EXISTS (SELECT FROM archive.offsets) THEN
        found := 'no archive to count from';
    ELSIF NOT with_archive AND (EXISTS (SELECT FROM archive.offsets) OR EXISTS (SELECT FROM archive.events)) THEN
        RAISE EXCEPTION USING ERRCODE = 'object_not_in_prerequisite_state', MESSAGE = 'the database holds an archive (archive.events)',
            HINT = 'Where `archive import` loaded it to be counted from: `mooc-aggregator restore DIR --from-archive`';
    ELSIF EXISTS (SELECT FROM pulse.generations WHERE generation <> 1 OR config_version <> 0) THEN
        found := 'generations (pulse.generations)';
    END IF;
    -- That the archive was imported is noted already: behind the audit that comes back.
    IF with_archive THEN
        CREATE TEMPORARY TABLE restore_noted ON COMMIT DROP AS SELECT * FROM pulse.audit WHERE action = 'archive import';
        DELETE FROM pulse.audit WHERE action = 'archive import';
    END IF;
    FOR saved IN SELECT name FROM pulse.saved_tables ORDER BY position LOOP
        EXIT WHEN found IS NOT NULL;
        -- Config version 0, which is empty, comes with the schema.
        EXECUTE format('SELECT EXISTS (SELECT FROM %s%s)', saved.name::regclass,
                       CASE WHEN saved.name = 'pulse.config_versions' THEN ' WHERE config_version <> 0' ELSE '' END) INTO filled;
        found := CASE WHEN filled THEN 'rows of ' || saved.name END;
    END LOOP;
    IF found IS NOT NULL THEN
        RAISE EXCEPTION USING ERRCODE = 'object_not_in_prerequisite_state',
            MESSAGE = format('the database holds %s', found);
    END IF;
    DELETE FROM pulse.config_versions;
END $$;
COMMENT ON FUNCTION pulse.restore_begin IS
    'Refuses a database that holds anything, but for the archive that it is to count from, and keeps writers out until the transaction ends';

CREATE FUNCTION pulse.restore_rows(table_name text, rows jsonb) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    added bigint;
BEGIN
    -- Only between restore_begin and restore_end: a database that counts has rows of offsets, a restored one another config version.
    IF EXISTS (SELECT FROM pulse.offsets) OR EXISTS (SELECT FROM pulse.generations WHERE generation <> 1 OR config_version <> 0) THEN
        RAISE EXCEPTION USING ERRCODE = 'object_not_in_prerequisite_state', MESSAGE = 'the database is not being restored';
    END IF;
    EXECUTE format('INSERT INTO %1$s OVERRIDING SYSTEM VALUE SELECT * FROM jsonb_populate_recordset(NULL::%1$s, $1)',
                   pulse.saved_table(table_name)) USING rows;
    GET DIAGNOSTICS added = ROW_COUNT;
    RETURN added;
END $$;
COMMENT ON FUNCTION pulse.restore_rows IS 'Adds rows of a backup (array of objects) to one of its tables; gives their number';

CREATE FUNCTION pulse.restore_end(live_config_version integer) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    identity record;
BEGIN
    IF NOT EXISTS (SELECT FROM pulse.config_versions WHERE config_version = live_config_version) THEN
        RAISE EXCEPTION USING ERRCODE = 'no_data_found', MESSAGE = format('the backup holds no config version %s', live_config_version);
    END IF;
    IF EXISTS (SELECT FROM pulse.offsets) THEN
        RAISE EXCEPTION USING ERRCODE = 'object_not_in_prerequisite_state', MESSAGE = 'the database is not being restored';
    END IF;
    UPDATE pulse.generations SET config_version = live_config_version WHERE generation = 1;
    FOR identity IN
        SELECT s.name::regclass AS of_table, a.attname AS of_column, pg_get_serial_sequence(s.name, a.attname) AS sequence
          FROM pulse.saved_tables s JOIN pg_attribute a ON a.attrelid = s.name::regclass AND a.attidentity <> '' AND NOT a.attisdropped
    LOOP
        EXECUTE format('SELECT setval(%L, coalesce(max(%I), 0) + 1, false) FROM %s', identity.sequence, identity.of_column, identity.of_table);
    END LOOP;
    IF to_regclass('pg_temp.restore_noted') IS NOT NULL THEN
        INSERT INTO pulse.audit (at, action, operator, login, reason, generation, config_version, offsets, detail)
        SELECT at, action, operator, login, reason, generation, config_version, offsets, detail FROM pg_temp.restore_noted ORDER BY entry;
    END IF;
    -- The audit names generations of before.
    PERFORM setval('pulse.generation_numbers', greatest(2, (SELECT max(generation) + 1 FROM pulse.audit)), false);
    PERFORM pulse.rebuild_unit_paths();
    PERFORM pulse.rebuild_working_days();
    PERFORM pulse.rebuild_plans();
END $$;
COMMENT ON FUNCTION pulse.restore_end IS
    'Gives generation 1 the config that was live, and makes what is derived from the restored tables';

-- The log's start is gone, so nobody can count the restored generation. It stands, empty, where the archive stands, and belongs to a fold
-- version that no program has: `replay start --from-archive` counts the next one up to there, and `replay promote` shows that.
-- other_partitions: [{"topic", "partition"}], those that the archive does not hold and that were counted as well: they begin anew.
CREATE FUNCTION pulse.restore_from_archive(other_partitions jsonb) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT FROM pulse.offsets) OR EXISTS (SELECT FROM pulse.generations WHERE generation <> 1) THEN
        RAISE EXCEPTION USING ERRCODE = 'object_not_in_prerequisite_state', MESSAGE = 'the database is not being restored';
    END IF;
    UPDATE pulse.generations SET fold_version = 0 WHERE generation = 1;
    UPDATE archive.offsets SET generation = 1;
    INSERT INTO pulse.offsets (generation, topic, partition, next_offset, writer_epoch, config_version, committed_at)
    SELECT g.generation, a.topic, a.partition, a.next_offset, 0, g.config_version, clock_timestamp()
      FROM archive.offsets a JOIN pulse.generations g USING (generation);
    INSERT INTO pulse.offsets (generation, topic, partition, next_offset, writer_epoch, config_version, committed_at)
    SELECT g.generation, o.topic, o.partition, 0, 0, g.config_version, clock_timestamp()
      FROM jsonb_to_recordset(other_partitions) AS o (topic text, partition integer) CROSS JOIN pulse.generations g
        ON CONFLICT DO NOTHING;
END $$;
COMMENT ON FUNCTION pulse.restore_from_archive IS 'Puts the restored generation, which holds nothing, where the archive stands';

REVOKE ALL ON FUNCTION pulse.saved_table, pulse.saved_columns, pulse.saved_rows, pulse.restore_begin, pulse.restore_rows,
    pulse.restore_end, pulse.restore_from_archive FROM PUBLIC;
GRANT EXECUTE ON FUNCTION pulse.saved_table, pulse.saved_columns, pulse.saved_rows, pulse.restore_begin, pulse.restore_rows,
    pulse.restore_end, pulse.restore_from_archive TO mooc_writer;
GRANT SELECT ON pulse.saved_tables TO mooc_writer;

COMMIT;
