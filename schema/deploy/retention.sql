-- Deploy mooc_pulse:retention to pg
-- What was exported of the archive and checked, which months were taken out of it since, and how the parts of the database grow.
BEGIN;
SET LOCAL ROLE mooc_owner;

-- Exports ---------------------------------------------------------------------------------------------------------------------

CREATE TABLE archive.identity (
    one boolean PRIMARY KEY DEFAULT true CHECK (one),
    id  uuid NOT NULL
);
COMMENT ON TABLE archive.identity IS 'Tells this archive from others, in the folders of its exports; comes into being with the first one';

CREATE FUNCTION archive.own_identity() RETURNS uuid
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    INSERT INTO archive.identity (id) VALUES (gen_random_uuid()) ON CONFLICT DO NOTHING;
    RETURN (SELECT id FROM archive.identity);
END $$;
COMMENT ON FUNCTION archive.own_identity IS 'The id of this archive, made where it has none';

CREATE FUNCTION archive.adopt_identity(adopted uuid) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    INSERT INTO archive.identity (id) VALUES (adopted) ON CONFLICT DO NOTHING;
    RETURN (SELECT id = adopted FROM archive.identity);
END $$;
COMMENT ON FUNCTION archive.adopt_identity IS 'An archive that was filled from an export goes on as that one; false: it is another one already';

-- One byte 0 (no value), 1 (value) or 2 (id of what was erased) stands before what follows.
CREATE FUNCTION archive.record_hash("offset" bigint, log_time timestamptz, id text, value bytea) RETURNS bigint
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
SELECT ('x' || encode(substr(sha256(int8send($1) || int8send((extract(epoch FROM $2 AT TIME ZONE 'UTC') * 1000000)::bigint)
                                    || CASE WHEN $4 IS NOT NULL THEN '\x01'::bytea || $4
                                            WHEN $3 IS NOT NULL THEN '\x02'::bytea || convert_to($3, 'UTF8')
                                            ELSE '\x00'::bytea END), 1, 8), 'hex'))::bit(64)::bigint
$$;
COMMENT ON FUNCTION archive.record_hash IS
    'First eight bytes of the SHA-256 of a row''s offset, time in microseconds and content; of many rows the exclusive or';

CREATE FUNCTION archive.month_sums(month date)
RETURNS TABLE (partition integer, rows bigint, erased bigint, first_offset bigint, last_offset bigint, hash bigint)
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' AS $$
SELECT e.partition, count(*), count(*) FILTER (WHERE e.value IS NULL AND e.id IS NOT NULL), min(e."offset"), max(e."offset"),
       bit_xor(archive.record_hash(e."offset", e.log_time, e.id, e.value))
  FROM archive.events e
 WHERE e.log_time >= $1::timestamptz AND e.log_time < ($1 + interval '1 month')::timestamptz
 GROUP BY e.partition
$$;
COMMENT ON FUNCTION archive.month_sums IS 'What a month of the archive holds, by partition of the log';

CREATE TABLE archive.exports (
    month        date NOT NULL,
    partition    integer NOT NULL,
    folder       text NOT NULL,
    rows         bigint NOT NULL,
    erased       bigint NOT NULL,
    first_offset bigint,
    last_offset  bigint,
    hash         bigint NOT NULL,
    checked_at   timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (folder, month, partition)
);
COMMENT ON TABLE archive.exports IS 'Whole months that stand in an export: its files were read, and were equal to the archive then';
COMMENT ON COLUMN archive.exports.folder IS 'Where, as the operator named it';

CREATE FUNCTION archive.note_export(month date, folder text, partitions integer[], rows bigint[], hashes bigint[])
RETURNS TABLE (partition integer, exported bigint, archived bigint)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
BEGIN
    DELETE FROM archive.exports x WHERE x.folder = $2 AND x.month = $1;
    INSERT INTO archive.exports SELECT $1, partition, $2, rows, erased, first_offset, last_offset, hash FROM archive.month_sums($1);
    RETURN QUERY
    SELECT partition, coalesce(e.rows, 0), coalesce(h.rows, 0)
      FROM (SELECT * FROM archive.exports x WHERE x.folder = $2 AND x.month = $1) h
           FULL JOIN unnest($3, $4, $5) AS e (partition, rows, hash) USING (partition)
     WHERE coalesce(e.rows, 0) <> coalesce(h.rows, 0) OR coalesce(e.hash, 0) <> coalesce(h.hash, 0)
     ORDER BY partition;
    IF FOUND THEN
        DELETE FROM archive.exports x WHERE x.folder = $2 AND x.month = $1;
    END IF;
END $$;
COMMENT ON FUNCTION archive.note_export IS
    'Notes that a folder holds this month, if rows and hashes are those of the archive; else gives the partitions that differ';

-- Months that are taken out -----------------------------------------------------------------------------------------------------

CREATE TABLE archive.detached (
    month        date NOT NULL,
    partition    integer NOT NULL,
    rows         bigint NOT NULL,
    erased       bigint NOT NULL,
    first_offset bigint,
    last_offset  bigint,
    hash         bigint NOT NULL,
    detached_at  timestamptz NOT NULL DEFAULT clock_timestamp(),
    table_name   text COLLATE "C",
    PRIMARY KEY (month, partition)
);
COMMENT ON TABLE archive.detached IS 'Months that archive.events does not hold any more; their figures stand';
COMMENT ON COLUMN archive.detached.table_name IS 'The table of schema archive that has the rows; NULL: only an export has them';

-- A long reader must not hold up the writer behind us: a second, then a pause, then again.
CREATE FUNCTION archive.detach_table(name text) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM set_config('lock_timeout', '1s', true);
    FOR attempt IN 1..30 LOOP
        BEGIN
            EXECUTE format('ALTER TABLE archive.events DETACH PARTITION archive.%I', name);
            EXIT;
        EXCEPTION WHEN lock_not_available THEN
            IF attempt = 30 THEN
                RAISE EXCEPTION 'the archive is being read without a pause: try again when nothing else reads it'
                    USING ERRCODE = 'lock_not_available';
            END IF;
            PERFORM pg_sleep(0.5);
        END;
    END LOOP;
    PERFORM set_config('lock_timeout', '0', true);
END $$;
COMMENT ON FUNCTION archive.detach_table IS 'Detaches a partition of the archive without letting anybody wait for more than a second';
REVOKE ALL ON FUNCTION archive.detach_table FROM PUBLIC;

CREATE FUNCTION archive.detach_month(month date, drop_rows boolean) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' AS $$
#variable_conflict use_column
DECLARE
    attached text := 'events_' || to_char($1, 'YYYY_MM');
    kept text := 'detached_' || to_char($1, 'YYYY_MM');
    words text := to_char($1, 'YYYY-MM');
BEGIN
    IF $1 <> date_trunc('month', $1)::date OR ($1 + interval '1 month')::timestamptz > clock_timestamp() THEN
        RAISE EXCEPTION 'month % is not over yet (in UTC)', words
            USING ERRCODE = 'object_not_in_prerequisite_state', DETAIL = format('tháng %s chưa hết (tính theo giờ UTC)', words);
    END IF;
    IF EXISTS (SELECT FROM archive.detached d WHERE d.month = $1) THEN
        RAISE EXCEPTION 'month % was detached before: attach or import it first', words
            USING ERRCODE = 'object_not_in_prerequisite_state',
                  DETAIL = format('tháng %s đã được tách ra trước đó: trước hết hãy đưa vào lại (archive attach hoặc import)', words);
    END IF;
    IF to_regclass('archive.' || attached) IS NULL THEN
        RAISE EXCEPTION 'the archive has no month %', words
            USING ERRCODE = 'object_not_in_prerequisite_state', HINT = 'mooc-aggregator status lists those that it has',
                  DETAIL = format('kho không có tháng %s; mooc-aggregator status liệt kê các tháng đang có', words);
    END IF;
    EXECUTE format('LOCK TABLE archive.%I IN SHARE MODE', attached);
    INSERT INTO archive.detached
    SELECT $1, partition, rows, erased, first_offset, last_offset, hash, clock_timestamp(), CASE WHEN NOT $2 THEN kept END
      FROM archive.month_sums($1);
    IF NOT EXISTS (
        SELECT FROM (SELECT DISTINCT folder FROM archive.exports e WHERE e.month = $1) f
         WHERE NOT EXISTS (SELECT partition, rows, hash FROM archive.detached d WHERE d.month = $1
                           EXCEPT
                           SELECT partition, rows, hash FROM archive.exports e WHERE e.month = $1 AND e.folder = f.folder)) THEN
        RAISE EXCEPTION 'no export of month % was checked since its rows last changed', words
            USING ERRCODE = 'object_not_in_prerequisite_state',
                  HINT = 'First mooc-aggregator archive export DIR, then archive check DIR --against database',
                  DETAIL = format('chưa có bản xuất nào của tháng %s được kiểm tra từ khi các bản ghi của tháng thay đổi lần cuối. Trước hết hãy chạy '
                                  'mooc-aggregator archive export DIR, rồi archive check DIR --against database', words);
    END IF;
    PERFORM archive.detach_table(attached);
    IF $2 THEN
        EXECUTE format('DROP TABLE archive.%I', attached);
    ELSE
        EXECUTE format('ALTER TABLE archive.%I RENAME TO %I', attached, kept);
        EXECUTE format('GRANT SELECT ON archive.%I TO mooc_writer', kept);
    END IF;
    RETURN (SELECT coalesce(sum(rows), 0) FROM archive.detached d WHERE d.month = $1);
END $$;
COMMENT ON FUNCTION archive.detach_month IS
    'Takes a month that is over and stands in a checked export out of the archive; how many rows';

-- ATTACH would read the month through while it holds a lock that a new month's partition waits for, and the writer with it. So it is read
-- before, under no lock but its own, and a constraint says what was found.
CREATE FUNCTION archive.attach_month(month date) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' AS $$
#variable_conflict use_column
DECLARE
    attached text := 'events_' || to_char($1, 'YYYY_MM');
    kept text := 'detached_' || to_char($1, 'YYYY_MM');
    total bigint := (SELECT sum(rows) FROM archive.detached d WHERE d.month = $1);
BEGIN
    IF to_regclass('archive.' || kept) IS NULL THEN
        RAISE EXCEPTION 'no table of month % was kept: %', to_char($1, 'YYYY-MM'),
            CASE WHEN total IS NULL THEN 'it was not detached' ELSE 'import it from its export' END
            USING ERRCODE = 'object_not_in_prerequisite_state',
                  DETAIL = format('không giữ bảng nào của tháng %s: %s', to_char($1, 'YYYY-MM'),
                                  CASE WHEN total IS NULL THEN 'tháng đó chưa được tách ra' ELSE 'hãy nạp từ bản xuất (archive import)' END);
    END IF;
    EXECUTE format('ALTER TABLE archive.%I ADD CONSTRAINT of_its_month CHECK (log_time >= %L AND log_time < %L) NOT VALID', kept,
                   $1::timestamptz, ($1 + interval '1 month')::timestamptz);
    EXECUTE format('ALTER TABLE archive.%I VALIDATE CONSTRAINT of_its_month', kept);
    IF to_regclass('archive.' || attached) IS NOT NULL THEN
        -- A record whose time lies in this month came after all. Nobody adds another one from here on.
        PERFORM archive.detach_table(attached);
        EXECUTE format('INSERT INTO archive.%I SELECT * FROM archive.%I', kept, attached);
        EXECUTE format('DROP TABLE archive.%I', attached);
    END IF;
    EXECUTE format('ALTER TABLE archive.%I RENAME TO %I', kept, attached);
    EXECUTE format('REVOKE ALL ON archive.%I FROM mooc_writer', attached);
    EXECUTE format('ALTER TABLE archive.events ATTACH PARTITION archive.%I FOR VALUES FROM (%L) TO (%L)', attached,
                   $1::timestamptz, ($1 + interval '1 month')::timestamptz);
    EXECUTE format('ALTER TABLE archive.%I DROP CONSTRAINT of_its_month', attached);
    DELETE FROM archive.detached d WHERE d.month = $1;
    RETURN total;
END $$;
COMMENT ON FUNCTION archive.attach_month IS 'Takes a month back whose table was kept; how many rows';

-- The vector is set before any row is loaded: meanwhile no writer can add to this archive, and what is missing stands as detached.
CREATE FUNCTION archive.claim_import(id uuid, topic text, partitions integer[], next_offsets bigint[], last_offsets bigint[], last_ids text[],
                                     months date[], month_partitions integer[], rows bigint[], erased bigint[],
                                     first_offsets bigint[], month_last_offsets bigint[], hashes bigint[]) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    LOCK TABLE archive.offsets IN SHARE ROW EXCLUSIVE MODE;
    IF NOT archive.adopt_identity($1)
       OR EXISTS (SELECT FROM archive.offsets o WHERE o.next_offset > 0)
       OR EXISTS (SELECT FROM archive.detached)
       OR EXISTS (SELECT FROM archive.events) THEN
        RAISE EXCEPTION 'this database has an archive already; an export is imported into an empty one'
            USING ERRCODE = 'object_not_in_prerequisite_state',
                  DETAIL = 'cơ sở dữ liệu này đã có kho; bản xuất được nạp vào một kho trống';
    END IF;
    DELETE FROM archive.offsets;
    INSERT INTO archive.offsets (topic, partition, next_offset, last_offset, last_id, generation)
    SELECT $2, v.*, (SELECT generation FROM pulse.live) FROM unnest($3, $4, $5, $6) AS v;
    INSERT INTO archive.detached (month, partition, rows, erased, first_offset, last_offset, hash)
    SELECT * FROM unnest($7, $8, $9, $10, $11, $12, $13);
END $$;
COMMENT ON FUNCTION archive.claim_import IS
    'Begins the import of an export into an empty archive: its vector, and its months as detached ones that are to be loaded';

CREATE FUNCTION archive.note_import(month date) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
BEGIN
    IF EXISTS (SELECT partition, rows, hash FROM archive.detached d WHERE d.month = $1
               EXCEPT SELECT partition, rows, hash FROM archive.month_sums($1)) THEN
        RETURN false;
    END IF;
    DELETE FROM archive.detached d WHERE d.month = $1;
    RETURN true;
END $$;
COMMENT ON FUNCTION archive.note_import IS 'A month was loaded back: true if it holds what was detached, which is then forgotten';

-- Growth --------------------------------------------------------------------------------------------------------------------------

CREATE TABLE pulse.sizes (
    day     date NOT NULL,
    part    text COLLATE "C" NOT NULL,
    bytes   bigint,
    records bigint,
    PRIMARY KEY (part, day)
);
COMMENT ON TABLE pulse.sizes IS 'Sizes as they were when the writer first looked on a day (UTC)';
COMMENT ON COLUMN pulse.sizes.part IS 'database, archive, generation N, topic NAME';
COMMENT ON COLUMN pulse.sizes.records IS 'Of a topic: how far it is counted, over all partitions; of the archive likewise';

CREATE FUNCTION pulse.sizes_now() RETURNS TABLE (part text, bytes bigint, records bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
SELECT 'database', pg_database_size(current_database()), NULL::bigint
UNION ALL
SELECT 'archive', coalesce((SELECT sum(pg_total_relation_size(inhrelid))::bigint FROM pg_inherits
                             WHERE inhparent = 'archive.events'::regclass), 0),
       (SELECT sum(next_offset)::bigint FROM archive.offsets)
UNION ALL
SELECT 'generation ' || g.generation,
       (SELECT coalesce(sum(pg_total_relation_size(c.oid)), 0)::bigint FROM pg_class c
         WHERE c.relnamespace = to_regnamespace('gen_' || g.generation) AND c.relkind = 'r'), NULL
  FROM pulse.generations g
UNION ALL
SELECT 'topic ' || topic, NULL, sum(next_offset)::bigint FROM pulse.offsets JOIN pulse.live USING (generation) GROUP BY topic
$$;
COMMENT ON FUNCTION pulse.sizes_now IS 'How large the parts of the database are';

CREATE FUNCTION pulse.note_sizes() RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DELETE FROM pulse.sizes WHERE day < (clock_timestamp() AT TIME ZONE 'UTC')::date - 400;
INSERT INTO pulse.sizes SELECT (clock_timestamp() AT TIME ZONE 'UTC')::date, * FROM pulse.sizes_now()
    ON CONFLICT DO NOTHING;
$$;
COMMENT ON FUNCTION pulse.note_sizes IS 'Notes today''s sizes, the first time it is called on a day';

REVOKE ALL ON FUNCTION archive.own_identity, archive.adopt_identity, archive.record_hash, archive.month_sums, archive.note_export,
    archive.detach_month, archive.attach_month, archive.note_import, archive.claim_import, pulse.sizes_now, pulse.note_sizes FROM PUBLIC;
GRANT EXECUTE ON FUNCTION archive.own_identity, archive.adopt_identity, archive.record_hash, archive.month_sums, archive.note_export,
    archive.detach_month, archive.attach_month, archive.note_import, archive.claim_import, pulse.sizes_now, pulse.note_sizes TO mooc_writer;
GRANT SELECT ON archive.identity, archive.exports, archive.detached, pulse.sizes TO mooc_writer;

COMMIT;
