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
    config_version            integer NOT NULL REFERENCES pulse.config_versions,
    training                  text COLLATE "C" NOT NULL,
    completion_min_progress   double precision,
    completion_by             text COLLATE "C" CHECK (completion_by IN ('passed', 'certificate')),
    completion_min_attendance integer CHECK (completion_min_attendance > 0),
    deadline_working_days     integer CHECK (deadline_working_days > 0),
    lectures                  integer CHECK (lectures > 0),
    lecture_minutes           integer CHECK (lecture_minutes > 0),
    PRIMARY KEY (config_version, training)
);
COMMENT ON TABLE pulse.trainings IS 'When a training counts as completed (any of the stated conditions), its deadline and its lectures';
COMMENT ON COLUMN pulse.trainings.completion_min_progress IS 'Share of the required content, 0 to 1';
COMMENT ON COLUMN pulse.trainings.completion_min_attendance IS 'Days of in-person classes';
COMMENT ON COLUMN pulse.trainings.deadline_working_days IS 'Due at the end of this working day after day 0';

CREATE TABLE pulse.pass_rules (
    config_version integer NOT NULL,
    training       text COLLATE "C" NOT NULL,
    position       integer NOT NULL,
    by_platform    boolean NOT NULL,
    min_score      double precision,
    min_progress   double precision,
    certificate    boolean NOT NULL,
    attempt        text COLLATE "C" NOT NULL CHECK (attempt IN ('best', 'last', 'first')),
    waves          text[] COLLATE "C",
    valid_from     date,
    valid_to       date,
    PRIMARY KEY (config_version, training, position),
    FOREIGN KEY (config_version, training) REFERENCES pulse.trainings,
    CHECK (by_platform = (min_score IS NULL))
);
COMMENT ON TABLE pulse.pass_rules IS
    'Pass rules: an attempt is judged by the first rule of its training whose waves and days fit it; without one it passes nothing';
COMMENT ON COLUMN pulse.pass_rules.min_score IS 'Share of the maximum, 0 to 1; NULL: the platform says passed itself';
COMMENT ON COLUMN pulse.pass_rules.min_progress IS 'Share of the required content that must be done as well';
COMMENT ON COLUMN pulse.pass_rules.certificate IS 'A certificate in force is required as well';
COMMENT ON COLUMN pulse.pass_rules.attempt IS 'Which of the attempts judged by this rule decides';
COMMENT ON COLUMN pulse.pass_rules.waves IS 'The cohort: attempts that belong to these waves; NULL: all';
COMMENT ON COLUMN pulse.pass_rules.valid_from IS 'First day of attempts that the rule judges; NULL: open';

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
    learning_shown boolean NOT NULL DEFAULT true,
    PRIMARY KEY (config_version, source, course),
    FOREIGN KEY (config_version, training) REFERENCES pulse.trainings
);
COMMENT ON TABLE pulse.courses IS 'Which training a platform''s course belongs to';
COMMENT ON COLUMN pulse.courses.learning_shown IS 'False: who passes here may have learned where nobody sees it, so that a pass without recorded learning says nothing';

-- Labels -----------------------------------------------------------------------------------------------------------------

CREATE TABLE pulse.units (
    unit          text COLLATE "C" PRIMARY KEY,
    name          text NOT NULL,
    printed_name  text NOT NULL,
    kind          text COLLATE "C" NOT NULL,
    parent        text COLLATE "C" REFERENCES pulse.units DEFERRABLE INITIALLY DEFERRED,
    territory     text COLLATE "C" REFERENCES pulse.units DEFERRABLE INITIALLY DEFERRED,
    print_order   integer NOT NULL,
    valid_from    date,
    valid_to      date,
    official_code text COLLATE "C"
);
COMMENT ON TABLE pulse.units IS 'Units with their newest line of management (parent) and territory; earlier ones stand in unit_lines';
COMMENT ON COLUMN pulse.units.official_code IS 'Code of the official list of administrative units, where it has one';

CREATE TABLE pulse.unit_successors (
    unit      text COLLATE "C" NOT NULL REFERENCES pulse.units ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
    successor text COLLATE "C" NOT NULL REFERENCES pulse.units DEFERRABLE INITIALLY DEFERRED,
    PRIMARY KEY (unit, successor)
);
COMMENT ON TABLE pulse.unit_successors IS 'Who took the place of a unit that ended; several: it was split, and its people go nowhere by themselves';

CREATE TABLE pulse.unit_lines (
    unit       text COLLATE "C" NOT NULL REFERENCES pulse.units ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
    tree       text COLLATE "C" NOT NULL CHECK (tree IN ('management', 'territory')),
    valid_from date NOT NULL DEFAULT '-infinity',
    valid_to   date NOT NULL DEFAULT 'infinity',
    above      text COLLATE "C" REFERENCES pulse.units DEFERRABLE INITIALLY DEFERRED,
    PRIMARY KEY (unit, tree, valid_from),
    CHECK (valid_from <= valid_to)
);
COMMENT ON TABLE pulse.unit_lines IS 'Which unit stood above another, and when; both days belong to the period';

CREATE TABLE pulse.tree_versions (
    tree         text COLLATE "C" NOT NULL,
    version_from date NOT NULL,
    version_to   date NOT NULL,
    PRIMARY KEY (tree, version_from)
);
COMMENT ON TABLE pulse.tree_versions IS 'Periods in which a tree did not change; without a gap from -infinity to infinity. Derived from units and lines';

CREATE TABLE pulse.unit_paths (
    tree         text COLLATE "C" NOT NULL,
    version_from date NOT NULL,
    ancestor     text COLLATE "C" NOT NULL,
    unit         text COLLATE "C" NOT NULL,
    distance     integer NOT NULL,
    PRIMARY KEY (tree, version_from, ancestor, unit)
);
CREATE INDEX unit_paths_unit ON pulse.unit_paths (tree, version_from, unit);
COMMENT ON TABLE pulse.unit_paths IS
    'Under which units each unit''s people count in a version of a tree (itself at distance 0, or its successor then). Derived';

CREATE TABLE pulse.unit_path_names (
    version_from date NOT NULL,
    unit         text COLLATE "C" NOT NULL,
    path         text NOT NULL,
    PRIMARY KEY (version_from, unit)
);
COMMENT ON TABLE pulse.unit_path_names IS 'Names of the units above each unit and its own, in each version of the tree of management. Derived';

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
    target      text COLLATE "C" PRIMARY KEY,
    wave        text COLLATE "C" NOT NULL,
    training    text COLLATE "C" NOT NULL,
    unit        text COLLATE "C" NOT NULL,
    measure     text COLLATE "C" NOT NULL,
    planned     bigint CHECK (planned >= 0),
    planned_max bigint CHECK (planned_max >= planned),
    share       numeric CHECK (share > 0 AND share <= 1),
    staff_on    date,
    per_helper  bigint CHECK (per_helper > 0),
    approximate boolean NOT NULL DEFAULT false,
    phase       text NOT NULL DEFAULT '',
    begins      date,
    ends        date,
    CHECK (num_nonnulls(planned, share, per_helper) = 1),
    CHECK ((share IS NULL) = (staff_on IS NULL))
);
COMMENT ON TABLE pulse.targets IS
    'Plans: a number (planned), a range (planned to planned_max), a share of the staff counted on a day, or a quota per helper; '
    'of a wave, else of a training, else over all; wave and training may be empty';
COMMENT ON COLUMN pulse.targets.measure IS 'What is to be reached: a measure such as registered, completed, certified, or attendances (head counts; attendances:CODE of one audience)';
COMMENT ON COLUMN pulse.targets.phase IS 'Part of the plan it belongs to, such as III.2 of plan 420; empty: none';
COMMENT ON COLUMN pulse.targets.approximate IS 'The plan says "khoảng": the number is approximate';

CREATE TABLE pulse.staff (
    unit    text COLLATE "C" NOT NULL,
    day     date NOT NULL,
    staff   bigint CHECK (staff >= 0),
    helpers bigint CHECK (helpers >= 0),
    PRIMARY KEY (unit, day)
);
COMMENT ON TABLE pulse.staff IS 'How many officials and how many helpers (community digital team) a unit had on a day';

CREATE TABLE pulse.audience_labels (
    kind     text COLLATE "C" NOT NULL CHECK (kind IN ('audience', 'inviter')),
    audience text COLLATE "C" NOT NULL,
    name_vi  text NOT NULL,
    name_en  text NOT NULL,
    PRIMARY KEY (kind, audience)
);
COMMENT ON TABLE pulse.audience_labels IS 'Names of audiences and of inviting bodies';

CREATE TABLE pulse.calendar (
    day  date PRIMARY KEY,
    kind text COLLATE "C" NOT NULL CHECK (kind IN ('holiday', 'working_saturday')),
    name text NOT NULL
);

CREATE TABLE pulse.working_days (
    day    date PRIMARY KEY,
    number integer NOT NULL
);
COMMENT ON TABLE pulse.working_days IS
    'Every day that the calendar covers, and how many working days there were up to its end since the covered time began. Derived';

GRANT SELECT ON ALL TABLES IN SCHEMA pulse TO mooc_writer;
GRANT INSERT, UPDATE, DELETE ON pulse.config_versions, pulse.trainings, pulse.pass_rules, pulse.waves, pulse.courses,
    pulse.units, pulse.unit_aliases, pulse.unit_successors, pulse.unit_lines, pulse.tree_versions, pulse.unit_paths,
    pulse.unit_path_names, pulse.training_labels, pulse.wave_labels, pulse.targets, pulse.staff, pulse.audience_labels, pulse.calendar,
    pulse.working_days TO mooc_writer;
GRANT UPDATE ON pulse.generations TO mooc_writer;

COMMIT;
