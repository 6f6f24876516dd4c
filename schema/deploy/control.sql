-- Deploy mooc_pulse:control to pg
BEGIN;

CREATE SCHEMA pulse AUTHORIZATION mooc_owner;
GRANT USAGE ON SCHEMA pulse TO mooc_writer;
SET LOCAL ROLE mooc_owner;
COMMENT ON SCHEMA pulse IS 'Control data of mooc-aggregator: generations, offset vectors, writers, reference data';

CREATE TABLE pulse.schema_version (
    version integer PRIMARY KEY
);
COMMENT ON TABLE pulse.schema_version IS 'The schema that a binary must know; it refuses another';
INSERT INTO pulse.schema_version VALUES (1);

CREATE TABLE pulse.generations (
    generation     integer PRIMARY KEY CHECK (generation > 0),
    fold_version   integer NOT NULL,
    config_version integer NOT NULL,
    state          text COLLATE "C" NOT NULL DEFAULT 'ready' CHECK (state IN ('building', 'ready')),
    created_at     timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE pulse.generations IS
    'A generation is (fold version, config version); its numbers are a pure function of a log prefix and that config';
COMMENT ON COLUMN pulse.generations.state IS 'building: replay start is at work on it and nobody may read it; ready: whole at its offset vector';

CREATE TABLE pulse.live (
    one        boolean PRIMARY KEY DEFAULT true CHECK (one),
    generation integer NOT NULL REFERENCES pulse.generations
);
COMMENT ON TABLE pulse.live IS 'The generation that schema bi shows';

CREATE SEQUENCE pulse.writer_epoch;
COMMENT ON SEQUENCE pulse.writer_epoch IS 'Epochs of writers over all generations: a higher one fences every lower one';

CREATE TABLE pulse.writers (
    generation    integer PRIMARY KEY REFERENCES pulse.generations,
    epoch         bigint NOT NULL DEFAULT 0,
    instance      text NOT NULL DEFAULT '',
    pid           integer,
    backend_start timestamptz,
    heartbeat_at  timestamptz
);
COMMENT ON TABLE pulse.writers IS
    'Who writes a generation: the taker bumps the epoch and ends the old backend by pid and backend_start';

CREATE TABLE pulse.offsets (
    generation     integer NOT NULL REFERENCES pulse.generations,
    topic          text COLLATE "C" NOT NULL,
    partition      integer NOT NULL,
    next_offset    bigint NOT NULL,
    writer_epoch   bigint NOT NULL,
    config_version integer NOT NULL,
    log_time       timestamptz,
    committed_at   timestamptz,
    PRIMARY KEY (generation, topic, partition)
) WITH (fillfactor = 50);
COMMENT ON TABLE pulse.offsets IS
    'The offset vector: compared and set in the transaction that carries the data, so it is the fence';
COMMENT ON COLUMN pulse.offsets.log_time IS 'Append time of the last folded record';

CREATE TABLE pulse.dead_dropped (
    entity     uuid NOT NULL,
    revision   bigint NOT NULL,
    topic      text COLLATE "C" NOT NULL,
    partition  integer NOT NULL,
    "offset"   bigint NOT NULL,
    dropped_by text NOT NULL,
    dropped_at timestamptz NOT NULL DEFAULT now(),
    reason     text NOT NULL CHECK (reason <> ''),
    PRIMARY KEY (entity, revision)
);
COMMENT ON TABLE pulse.dead_dropped IS
    'Rejected and unreadable records that an operator set aside: in no count of faults. Belongs to no generation, so that a replay keeps '
    'it; a record that is rejected again later has another revision and counts';

GRANT SELECT ON ALL TABLES IN SCHEMA pulse TO mooc_writer;
GRANT INSERT ON pulse.dead_dropped TO mooc_writer;
GRANT UPDATE ON pulse.writers TO mooc_writer;
GRANT INSERT, UPDATE ON pulse.offsets TO mooc_writer;
GRANT USAGE ON SEQUENCE pulse.writer_epoch TO mooc_writer;

COMMIT;
