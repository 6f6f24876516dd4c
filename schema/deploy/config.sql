-- Deploy mooc_pulse:config to pg
-- Labels take effect at once. Generation config is kept per config version: what a generation was folded with stays readable.
BEGIN;
SET LOCAL ROLE mooc_owner;

CREATE TABLE pulse.config_versions (
    config_version integer PRIMARY KEY CHECK (config_version >= 0),
    fingerprint    text NOT NULL,
    loaded_by      text NOT NULL DEFAULT session_user,
    loaded_at      timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE pulse.config_versions IS 'One row per accepted change of generation config; 0 is empty';
INSERT INTO pulse.config_versions (config_version, fingerprint) VALUES (0, '');

-- Generation config ------------------------------------------------------------------------------------------------------

CREATE TABLE pulse.trainings (
    config_version          integer NOT NULL REFERENCES pulse.config_versions,
    training                text COLLATE "C" NOT NULL,
    pass_by_platform        boolean NOT NULL,
    pass_min_score          double precision,
    completion_min_progress double precision,
    PRIMARY KEY (config_version, training)
);
COMMENT ON TABLE pulse.trainings IS 'Pass and completion rules';
COMMENT ON COLUMN pulse.trainings.pass_min_score IS 'Share of the maximum, 0 to 1, where the platform does not say passed itself';

CREATE TABLE pulse.waves (
    config_version integer NOT NULL REFERENCES pulse.config_versions,
    wave           text COLLATE "C" NOT NULL,
    training       text COLLATE "C" NOT NULL,
    begins         date,
    ends           date,
    totals_only    boolean NOT NULL,
    PRIMARY KEY (config_version, wave),
    FOREIGN KEY (config_version, training) REFERENCES pulse.trainings
);
COMMENT ON TABLE pulse.waves IS 'Waves and the training they belong to; dates decide which wave a fact belongs to';

CREATE TABLE pulse.courses (
    config_version integer NOT NULL REFERENCES pulse.config_versions,
    source         text COLLATE "C" NOT NULL,
    course         text COLLATE "C" NOT NULL,
    training       text COLLATE "C" NOT NULL,
    exam           text NOT NULL,
    PRIMARY KEY (config_version, source, course),
    FOREIGN KEY (config_version, training) REFERENCES pulse.trainings
);
COMMENT ON TABLE pulse.courses IS 'Which training a platform''s course belongs to';

-- Labels -----------------------------------------------------------------------------------------------------------------

CREATE TABLE pulse.units (
    unit         text COLLATE "C" PRIMARY KEY,
    name         text NOT NULL,
    printed_name text NOT NULL,
    kind         text COLLATE "C" NOT NULL,
    parent       text COLLATE "C" REFERENCES pulse.units DEFERRABLE INITIALLY DEFERRED,
    territory    text COLLATE "C" REFERENCES pulse.units DEFERRABLE INITIALLY DEFERRED,
    print_order  integer NOT NULL,
    valid_from   date,
    valid_to     date,
    successor    text COLLATE "C" REFERENCES pulse.units DEFERRABLE INITIALLY DEFERRED
);
COMMENT ON TABLE pulse.units IS 'Units: line of management (parent) and territory';

CREATE TABLE pulse.unit_aliases (
    unit  text COLLATE "C" NOT NULL REFERENCES pulse.units ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
    alias text NOT NULL,
    PRIMARY KEY (unit, alias)
);

CREATE TABLE pulse.training_labels (
    training text COLLATE "C" PRIMARY KEY,
    name_vi  text NOT NULL,
    name_en  text NOT NULL
);

CREATE TABLE pulse.wave_labels (
    wave         text COLLATE "C" PRIMARY KEY,
    province     text COLLATE "C" REFERENCES pulse.units DEFERRABLE INITIALLY DEFERRED,
    name         text NOT NULL,
    printed_name text NOT NULL,
    print_order  integer NOT NULL
);

CREATE TABLE pulse.targets (
    wave    text COLLATE "C" NOT NULL,
    unit    text COLLATE "C" NOT NULL,
    planned bigint NOT NULL CHECK (planned >= 0),
    PRIMARY KEY (wave, unit)
);

CREATE TABLE pulse.calendar (
    day  date PRIMARY KEY,
    kind text COLLATE "C" NOT NULL CHECK (kind IN ('holiday', 'working_saturday')),
    name text NOT NULL
);

GRANT SELECT ON ALL TABLES IN SCHEMA pulse TO mooc_writer;
GRANT INSERT, UPDATE, DELETE ON pulse.config_versions, pulse.trainings, pulse.waves, pulse.courses, pulse.units,
    pulse.unit_aliases, pulse.training_labels, pulse.wave_labels, pulse.targets, pulse.calendar TO mooc_writer;
GRANT UPDATE ON pulse.generations TO mooc_writer;

COMMIT;
