-- Deploy mooc_pulse:replay to pg
-- Generations come and go: begin_replay makes one beside the live one, finish_replay shows it to whoever reads the kept ones,
-- switch_generation makes it (or the old one again) the live one, drop_generation ends it. The service owns no right to make
-- or drop tables; it may call these.
BEGIN;

CREATE SEQUENCE pulse.generation_numbers START 2;
ALTER SEQUENCE pulse.generation_numbers OWNER TO mooc_owner;
COMMENT ON SEQUENCE pulse.generation_numbers IS 'A number names one generation for good, also after it was dropped';

-- What is filled by COPY has no index until it is full.
CREATE FUNCTION pulse.begin_replay(fold integer, config integer) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    number integer := nextval('pulse.generation_numbers');
BEGIN
    PERFORM pulse.create_generation(number, fold, config);
    UPDATE pulse.generations SET state = 'building' WHERE generation = number;
    EXECUTE format('ALTER TABLE gen_%1$s.states DROP CONSTRAINT states_pkey', number);
    EXECUTE format('ALTER TABLE gen_%1$s.members DROP CONSTRAINT members_pkey', number);
    EXECUTE format('DROP INDEX gen_%1$s.members_person', number);
    EXECUTE format('ALTER TABLE gen_%1$s.carriers DROP CONSTRAINT carriers_pkey', number);
    EXECUTE format('DROP INDEX gen_%1$s.carriers_subject', number);
    EXECUTE format('ALTER TABLE gen_%1$s.deadlines DROP CONSTRAINT deadlines_pkey', number);
    EXECUTE format('ALTER TABLE gen_%1$s.issues DROP CONSTRAINT issues_pkey', number);
    EXECUTE format('DROP INDEX gen_%1$s.issues_name', number);
    RETURN number;
END $$;
COMMENT ON FUNCTION pulse.begin_replay IS 'Makes a generation that is being built, without indexes on what COPY fills; gives its number';

-- One table at a time, so that several connections can work side by side.
CREATE FUNCTION pulse.index_generation(number integer, source_table text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
SET maintenance_work_mem = '256MB' SET max_parallel_maintenance_workers = 0 AS $$
BEGIN
    PERFORM FROM pulse.generations WHERE generation = number AND state = 'building';
    IF NOT FOUND THEN
        RAISE EXCEPTION 'generation % is not being built', number USING ERRCODE = 'object_not_in_prerequisite_state';
    END IF;
    CASE source_table
        WHEN 'states' THEN
            EXECUTE format('ALTER TABLE gen_%1$s.states ADD CONSTRAINT states_pkey PRIMARY KEY (subject, training)', number);
        WHEN 'members' THEN
            EXECUTE format('ALTER TABLE gen_%1$s.members ADD CONSTRAINT members_pkey PRIMARY KEY (subject)', number);
            EXECUTE format('CREATE INDEX members_person ON gen_%1$s.members (person)', number);
        WHEN 'carriers' THEN
            EXECUTE format('ALTER TABLE gen_%1$s.carriers ADD CONSTRAINT carriers_pkey PRIMARY KEY (identifier, subject)', number);
            EXECUTE format('CREATE INDEX carriers_subject ON gen_%1$s.carriers (subject)', number);
        WHEN 'deadlines' THEN
            EXECUTE format('ALTER TABLE gen_%1$s.deadlines ADD CONSTRAINT deadlines_pkey '
                           'PRIMARY KEY (training, wave, unit, day_0, completed_on, lectures)', number);
        WHEN 'issues' THEN
            EXECUTE format('ALTER TABLE gen_%1$s.issues ADD CONSTRAINT issues_pkey PRIMARY KEY (kind, subject, wave, unit)', number);
            EXECUTE format('CREATE INDEX issues_name ON gen_%1$s.issues (name)', number);
        ELSE
            EXECUTE format('ANALYZE gen_%1$s.%2$I', number, source_table);
            RETURN;
    END CASE;
    EXECUTE format('ANALYZE gen_%1$s.%2$I', number, source_table);
END $$;
COMMENT ON FUNCTION pulse.index_generation IS 'Makes the indexes of one table of a generation that is being built, and its statistics';

CREATE FUNCTION pulse.finish_replay(number integer) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET lock_timeout = '500ms' AS $$
BEGIN
    UPDATE pulse.generations SET state = 'ready' WHERE generation = number AND state = 'building';
    IF NOT FOUND THEN
        RAISE EXCEPTION 'generation % is not being built', number USING ERRCODE = 'object_not_in_prerequisite_state';
    END IF;
    PERFORM pulse.rebuild_live_views();
END $$;
COMMENT ON FUNCTION pulse.finish_replay IS 'The generation is whole: gives the views a branch for it';

-- The whole of promote and of rollback: the caller has waited until both stand at one vector. Who takes over one of the two locks its
-- row of writers first, then waits for the offsets that the caller holds: this gives up before that is a deadlock, and is tried again.
CREATE FUNCTION pulse.switch_generation(from_number integer, to_number integer) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET lock_timeout = '300ms' AS $$
BEGIN
    PERFORM FROM pulse.offsets WHERE generation = from_number ORDER BY topic, partition FOR UPDATE;
    PERFORM FROM pulse.offsets WHERE generation = to_number ORDER BY topic, partition FOR UPDATE;
    IF from_number IS DISTINCT FROM (SELECT generation FROM pulse.live) THEN
        RAISE EXCEPTION 'generation % is not the live one any more', from_number
            USING ERRCODE = 'object_not_in_prerequisite_state', HINT = 'See mooc-aggregator replay status',
                  DETAIL = format('phiên bản số liệu %s không còn là phiên bản đang dùng. Xem mooc-aggregator replay status', from_number);
    END IF;
    PERFORM FROM pulse.generations WHERE generation = to_number AND state = 'ready';
    IF NOT FOUND THEN
        RAISE EXCEPTION 'generation % is not ready', to_number
            USING ERRCODE = 'object_not_in_prerequisite_state', DETAIL = format('phiên bản số liệu %s chưa tính xong', to_number);
    END IF;
    IF EXISTS (SELECT FROM (SELECT topic, partition, next_offset FROM pulse.offsets WHERE generation = from_number) a
                 FULL JOIN (SELECT topic, partition, next_offset FROM pulse.offsets WHERE generation = to_number) b
                     USING (topic, partition)
                WHERE a.next_offset IS DISTINCT FROM b.next_offset) THEN
        RAISE EXCEPTION 'generations % and % do not stand at the same offsets', from_number, to_number
            USING ERRCODE = 'object_not_in_prerequisite_state',
                  DETAIL = format('phiên bản số liệu %s và %s chưa tính đến cùng một chỗ của nhật ký', from_number, to_number);
    END IF;
    -- Whoever wrote either of them is fenced, and looks anew for what there is to write.
    UPDATE pulse.writers SET epoch = nextval('pulse.writer_epoch'), pid = NULL, backend_start = NULL, heartbeat_at = NULL
     WHERE generation IN (from_number, to_number);
    UPDATE pulse.offsets o SET writer_epoch = w.epoch FROM pulse.writers w
     WHERE w.generation = o.generation AND o.generation IN (from_number, to_number);
    -- The same records were the last ones of both.
    UPDATE pulse.offsets o SET log_time = f.log_time FROM pulse.offsets f
     WHERE o.generation = to_number AND f.generation = from_number AND (f.topic, f.partition) = (o.topic, o.partition);
    UPDATE archive.offsets SET generation = to_number WHERE generation = from_number;
    UPDATE pulse.live SET generation = to_number;
    UPDATE pulse.changed_all SET changed_at = clock_timestamp();
END $$;
COMMENT ON FUNCTION pulse.switch_generation IS
    'Makes another generation the live one, if both stand at the same offsets; fences the writers of both';

CREATE FUNCTION pulse.drop_generation(number integer) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET lock_timeout = '2s' AS $$
DECLARE
    was_shown boolean := EXISTS (SELECT FROM pulse.generations WHERE generation = number AND state = 'ready');
BEGIN
    IF number = (SELECT generation FROM pulse.live) THEN
        RAISE EXCEPTION 'generation % is the live one', number
            USING ERRCODE = 'object_not_in_prerequisite_state', DETAIL = format('phiên bản số liệu %s đang được dùng', number);
    END IF;
    DELETE FROM pulse.offsets WHERE generation = number;
    DELETE FROM pulse.writers WHERE generation = number;
    DELETE FROM pulse.generations WHERE generation = number;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'there is no generation %', number
            USING ERRCODE = 'object_not_in_prerequisite_state', DETAIL = format('không có phiên bản số liệu %s', number);
    END IF;
    IF was_shown THEN
        PERFORM pulse.rebuild_live_views();
    END IF;
    EXECUTE format('DROP SCHEMA gen_%s CASCADE', number);
END $$;
COMMENT ON FUNCTION pulse.drop_generation IS 'Drops a generation that is not the live one, and its branch of the views';

-- Since when a transaction is open is shown of every login only where mooc_owner may read all statistics (change roles).
CREATE FUNCTION pulse.sessions_in_the_way(number integer) RETURNS TABLE (pid integer, login text, application text, since timestamptz)
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT a.pid, coalesce(a.usename::text, ''), coalesce(a.application_name, ''), a.xact_start
      FROM pg_stat_activity a
     WHERE a.datname = current_database() AND a.pid <> pg_backend_pid()
       AND EXISTS (SELECT FROM pg_locks l JOIN pg_class c ON c.oid = l.relation JOIN pg_namespace n ON n.oid = c.relnamespace
                    WHERE l.pid = a.pid AND l.granted AND l.locktype = 'relation'
                      AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
                      AND CASE WHEN number IS NULL
                               THEN n.nspname = 'pulse' AND c.relname IN ('offsets', 'writers') AND l.mode <> 'AccessShareLock'
                               ELSE n.nspname = 'gen_' || number OR (n.nspname = 'pulse' AND c.relname LIKE 'live\_%') END)
$$;
COMMENT ON FUNCTION pulse.sessions_in_the_way IS
    'Whose locks a change of the views and of a generation''s tables waits for; NULL: that of which generation is live';

-- An order does not matter: two tables with the same rows have the same sum. Values are hashed as they are stored: as text it takes more
-- than twice as long.
CREATE FUNCTION pulse.generation_checksums(number integer) RETURNS TABLE (source_table text, row_count bigint, checksum text)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    FOREACH source_table IN ARRAY ARRAY['states', 'members', 'carriers', 'tallies', 'activity', 'activity_5min', 'deadlines', 'issues',
                                        'totals', 'headcounts', 'marks', 'dead_letters', 'unmapped'] LOOP
        EXECUTE format('SELECT count(*), to_hex((coalesce(sum(hash_record_extended(t, 1)::numeric), 0) %% 9223372036854775807)::bigint)
                          FROM gen_%s.%I t', number, source_table)
           INTO row_count, checksum;
        RETURN NEXT;
    END LOOP;
END $$;
COMMENT ON FUNCTION pulse.generation_checksums IS 'Rows and a checksum of each table of a generation: equal for equal contents, in whatever order they stand';

-- promote and rollback part both generations from who kept them current; a running program, all of whose writing sessions may be cut
-- for a moment, changes over within seconds. Until somebody has followed a generation, who wrote the other one is who comes.
CREATE FUNCTION pulse.changing_over(number integer) RETURNS text LANGUAGE sql STABLE AS $$
    SELECT coalesce(nullif(w.instance, ''),
                    (SELECT max(o.instance) FROM pulse.writers o JOIN pulse.generations b USING (generation)
                      WHERE b.fold_version = g.fold_version))
      FROM pulse.generations g LEFT JOIN pulse.writers w USING (generation)
     WHERE g.generation = number AND w.heartbeat_at IS NULL
       AND EXISTS (SELECT FROM pulse.audit s
                    WHERE s.action IN ('replay promote', 'replay rollback') AND s.at > clock_timestamp() - interval '15 seconds')
       AND EXISTS (SELECT FROM pg_stat_activity a
                    WHERE a.datname = current_database()
                      AND (a.application_name = 'mooc-aggregator look' OR a.application_name LIKE 'mooc-aggregator run on %'))
$$;
COMMENT ON FUNCTION pulse.changing_over IS 'Who comes back to a generation within seconds of a switch; NULL when nobody, or when it is being written';

DO $$
DECLARE
    f regprocedure;
BEGIN
    FOREACH f IN ARRAY ARRAY['pulse.begin_replay(integer, integer)', 'pulse.index_generation(integer, text)',
                             'pulse.finish_replay(integer)', 'pulse.switch_generation(integer, integer)',
                             'pulse.drop_generation(integer)', 'pulse.sessions_in_the_way(integer)',
                             'pulse.generation_checksums(integer)', 'pulse.changing_over(integer)']::regprocedure[] LOOP
        EXECUTE format('ALTER FUNCTION %s OWNER TO mooc_owner', f);
        EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', f);
        EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO mooc_writer', f);
    END LOOP;
END $$;

COMMIT;
