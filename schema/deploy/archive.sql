-- Deploy mooc_pulse:archive to pg
BEGIN;

CREATE SCHEMA archive AUTHORIZATION mooc_owner;
GRANT USAGE ON SCHEMA archive TO mooc_writer;
SET LOCAL ROLE mooc_owner;
COMMENT ON SCHEMA archive IS 'The log as it was read: belongs to no generation';

CREATE TABLE archive.events (
    partition  integer NOT NULL,
    "offset"   bigint NOT NULL,
    log_time   timestamptz NOT NULL,
    id         text COLLATE "C",
    type       text COLLATE "C",
    source     text COLLATE "C",
    subject    uuid,
    entity     uuid,
    revision   bigint,
    previous   bigint,
    event_time timestamptz,
    data_hash  bigint,
    value      bytea
) PARTITION BY RANGE (log_time);
ALTER TABLE archive.events ALTER COLUMN value SET COMPRESSION lz4;
COMMENT ON TABLE archive.events IS
    'One row per record of the events topic; typed columns are NULL where the record could not be read';
COMMENT ON COLUMN archive.events.log_time IS 'When the broker appended it (UTC); the table is partitioned by its month';
COMMENT ON COLUMN archive.events.subject IS 'First 128 bits of SHA-256 of the learner key';
COMMENT ON COLUMN archive.events.entity IS 'First 128 bits of SHA-256 of the entity';
COMMENT ON COLUMN archive.events.data_hash IS 'First 64 bits of SHA-256 of type, NUL, data: breaks ties between equal revisions';
COMMENT ON COLUMN archive.events.value IS 'The record''s value, byte for byte';

CREATE TABLE archive.offsets (
    topic       text COLLATE "C" NOT NULL,
    partition   integer NOT NULL,
    next_offset bigint NOT NULL,
    last_offset bigint,
    last_id     text COLLATE "C",
    generation  integer NOT NULL REFERENCES pulse.generations,
    PRIMARY KEY (topic, partition)
) WITH (fillfactor = 50);
COMMENT ON TABLE archive.offsets IS 'The archive''s own vector; only the named generation''s writer advances it';
COMMENT ON COLUMN archive.offsets.last_id IS
    'Id of the record at last_offset (hash of its bytes if unreadable): compared with the log at start';

-- Made beside and then attached: PARTITION OF would wait for whoever reads the archive, and the writer with it.
CREATE FUNCTION archive.ensure_month(instant timestamptz) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    first_day date := date_trunc('month', instant AT TIME ZONE 'UTC')::date;
    partition_name text := 'events_' || to_char(first_day, 'YYYY_MM');
BEGIN
    IF to_regclass('archive.' || partition_name) IS NULL THEN
        EXECUTE format('CREATE TABLE archive.%I (LIKE archive.events INCLUDING ALL)', partition_name);
        EXECUTE format(
            'ALTER TABLE archive.events ATTACH PARTITION archive.%I FOR VALUES FROM (%L) TO (%L)',
            partition_name, first_day::text || ' 00:00:00+00',
            (first_day + interval '1 month')::date::text || ' 00:00:00+00');
    END IF;
END $$;
COMMENT ON FUNCTION archive.ensure_month IS 'Makes the partition of the month (UTC) that holds the instant, if missing';
ALTER FUNCTION archive.ensure_month OWNER TO mooc_owner;
REVOKE ALL ON FUNCTION archive.ensure_month FROM PUBLIC;
GRANT EXECUTE ON FUNCTION archive.ensure_month TO mooc_writer;

GRANT SELECT, INSERT ON archive.events TO mooc_writer;
GRANT SELECT, INSERT, UPDATE ON archive.offsets TO mooc_writer;

COMMIT;
