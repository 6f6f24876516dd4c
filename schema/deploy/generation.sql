-- Deploy mooc_pulse:generation to pg
-- A generation's schema keeps its name for good. No serials and no clocks in its tables: two folds of the same log prefix
-- with the same config give the same rows.
BEGIN;

CREATE FUNCTION pulse.create_generation_tables(number integer) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $create$
DECLARE
    g text := format('gen_%s', number);
BEGIN
    EXECUTE format('CREATE SCHEMA %I', g);
    EXECUTE format('GRANT USAGE ON SCHEMA %I TO mooc_writer', g);

    EXECUTE format($$
        CREATE TABLE %1$I.states (
            subject  uuid NOT NULL,
            training text COLLATE "C" NOT NULL,
            facts    bytea NOT NULL,
            PRIMARY KEY (subject, training)
        ) WITH (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.05)$$, g);
    EXECUTE format('COMMENT ON TABLE %I.states IS %L', g,
        'The join: per subject and training (empty: facts without one) each entity''s value of highest revision, packed');

    EXECUTE format($$
        CREATE TABLE %1$I.members (
            subject uuid PRIMARY KEY,
            person  uuid NOT NULL
        ) WITH (fillfactor = 80)$$, g);
    EXECUTE format('CREATE INDEX members_person ON %I.members (person)', g);
    EXECUTE format('COMMENT ON TABLE %I.members IS %L', g,
        'Subjects that are linked with others: person is the least subject of the connected set');

    EXECUTE format($$
        CREATE TABLE %1$I.carriers (
            identifier uuid NOT NULL,
            subject    uuid NOT NULL,
            on_roster  boolean NOT NULL,
            name       bigint NOT NULL,
            citizen    uuid,
            PRIMARY KEY (identifier, subject)
        )$$, g);
    EXECUTE format('CREATE INDEX carriers_subject ON %I.carriers (subject)', g);
    EXECUTE format('COMMENT ON TABLE %I.carriers IS %L', g,
        'Identifiers in force and the subjects that carry them; one on rows of different names or citizens links nobody');

    EXECUTE format($$
        CREATE TABLE %1$I.tallies (
            scope           text COLLATE "C" NOT NULL
                CHECK (scope IN ('wave', 'training', 'all', 'year', 'platform', 'course', 'audience', 'inviter')),
            training        text COLLATE "C" NOT NULL,
            wave            text COLLATE "C" NOT NULL,
            year            smallint NOT NULL,
            value           text COLLATE "C" NOT NULL,
            unit            text COLLATE "C" NOT NULL,
            study_group     text COLLATE "C" NOT NULL,
            registered      bigint NOT NULL,
            accounts        bigint NOT NULL,
            activated       bigint NOT NULL,
            enrolled        bigint NOT NULL,
            participated    bigint NOT NULL,
            completed       bigint NOT NULL,
            sat             bigint NOT NULL,
            passed          bigint NOT NULL,
            failed          bigint NOT NULL,
            certified       bigint NOT NULL,
            not_registered  bigint NOT NULL,
            first_time      bigint NOT NULL,
            passed_first    bigint NOT NULL,
            scored          bigint NOT NULL,
            attempts        bigint NOT NULL,
            attempts_passed bigint NOT NULL,
            score_sum       bigint NOT NULL,
            PRIMARY KEY (scope, training, wave, year, value, unit, study_group)
        ) WITH (fillfactor = 60, autovacuum_vacuum_scale_factor = 0.02)$$, g);
    EXECUTE format('COMMENT ON TABLE %I.tallies IS %L', g,
        'People counted: scope wave (training, wave, unit, group), training (training, unit), all (unit), year (year, unit), and of '
        'dimensions in which one person may hold several values: platform, course, audience, inviter (training, value, unit); '
        'the empty unit holds people with facts who are on no roster. Rows of zeros are removed');
    EXECUTE format('COMMENT ON COLUMN %I.tallies.value IS %L', g, 'Scope platform: the source; course: source, blank, course; audience, inviter: its code');
    EXECUTE format('COMMENT ON COLUMN %I.tallies.first_time IS %L', g, 'Scope year: people with no listing and no fact in an earlier year');
    EXECUTE format('COMMENT ON COLUMN %I.tallies.passed_first IS %L', g, 'People whose first attempt passed');
    EXECUTE format('COMMENT ON COLUMN %I.tallies.score_sum IS %L', g, 'Sum over the scored people of their best score, in 1/10000 of the maximum');

    EXECUTE format($$
        CREATE TABLE %1$I.activity (
            scope            text COLLATE "C" NOT NULL CHECK (scope IN ('wave', 'training', 'all', 'platform', 'audience')),
            training         text COLLATE "C" NOT NULL,
            wave             text COLLATE "C" NOT NULL,
            value            text COLLATE "C" NOT NULL,
            unit             text COLLATE "C" NOT NULL,
            month            date NOT NULL CHECK (extract(day FROM month) = 1),
            active           integer[],
            change_7         integer[],
            change_30        integer[],
            change_7_sum     bigint NOT NULL,
            change_30_sum    bigint NOT NULL,
            new_participants integer[],
            exams_sat        integer[],
            exams_passed     integer[],
            newly_passed     integer[],
            PRIMARY KEY (scope, training, wave, value, unit, month)
        ) WITH (fillfactor = 50, autovacuum_vacuum_scale_factor = 0.02)$$, g);
    EXECUTE format('COMMENT ON TABLE %I.activity IS %L', g,
        'Learners by day: one row per month, arrays with one element per day of the month (NULL: all zero). Scopes wave, training, all by '
        'unit; platform and audience (value) without unit. Rows of zeros are removed');
    EXECUTE format('COMMENT ON COLUMN %I.activity.active IS %L', g, 'People with a learning activity or an attempt on the day');
    EXECUTE format('COMMENT ON COLUMN %I.activity.change_7 IS %L', g,
        'Difference array: people active in the 7 days up to a day are the sum of all changes up to it; change_7_sum is this month''s sum');
    EXECUTE format('COMMENT ON COLUMN %I.activity.change_30 IS %L', g, 'The same for 30 days');
    EXECUTE format('COMMENT ON COLUMN %I.activity.new_participants IS %L', g, 'People whose first active day it is');
    EXECUTE format('COMMENT ON COLUMN %I.activity.exams_sat IS %L', g, 'Attempts sat on the day');
    EXECUTE format('COMMENT ON COLUMN %I.activity.exams_passed IS %L', g, 'Of these, attempts that pass by score or by the platform''s verdict');
    EXECUTE format('COMMENT ON COLUMN %I.activity.newly_passed IS %L', g, 'People whose first passing attempt was on the day, of those who passed');

    EXECUTE format($$
        CREATE TABLE %1$I.activity_5min (
            training     text COLLATE "C" NOT NULL,
            wave         text COLLATE "C" NOT NULL,
            began_at     timestamptz NOT NULL,
            facts        bigint NOT NULL,
            learners     bigint NOT NULL,
            exams_sat    bigint NOT NULL,
            exams_passed bigint NOT NULL,
            PRIMARY KEY (training, wave, began_at)
        ) WITH (fillfactor = 70)$$, g);
    EXECUTE format('COMMENT ON TABLE %I.activity_5min IS %L', g,
        'Facts observed on their own day, by five minutes of their time; learners are distinct within a row. Rows of zeros are removed');

    EXECUTE format($$
        CREATE TABLE %1$I.deadlines (
            training     text COLLATE "C" NOT NULL,
            wave         text COLLATE "C" NOT NULL,
            unit         text COLLATE "C" NOT NULL,
            day_0        date NOT NULL,
            completed_on date NOT NULL,
            lectures     smallint NOT NULL,
            learners     bigint NOT NULL,
            PRIMARY KEY (training, wave, unit, day_0, completed_on, lectures)
        ) WITH (fillfactor = 70)$$, g);
    EXECUTE format('COMMENT ON TABLE %I.deadlines IS %L', g,
        'Listed learners of trainings with a deadline by day 0 (infinity: not begun to run), day completed (infinity: not yet) and '
        'lectures done (of those who completed: 0). Rows of zeros are removed');

    EXECUTE format($$
        CREATE TABLE %1$I.issues (
            kind     text COLLATE "C" NOT NULL,
            subject  uuid NOT NULL,
            wave     text COLLATE "C" NOT NULL,
            unit     text COLLATE "C" NOT NULL,
            name     bigint NOT NULL,
            source   text COLLATE "C" NOT NULL,
            file     text NOT NULL,
            sheet    text NOT NULL,
            row_number bigint NOT NULL,
            PRIMARY KEY (kind, subject, wave, unit)
        )$$, g);
    EXECUTE format('CREATE INDEX issues_name ON %I.issues (name)', g);
    EXECUTE format('COMMENT ON TABLE %I.issues IS %L', g,
        'Faults of people''s data, a row each; kinds no_account and account_not_on_roster are matched by name for suggestions');

    EXECUTE format($$
        CREATE TABLE %1$I.totals (
            entity     uuid PRIMARY KEY,
            wave       text COLLATE "C" NOT NULL,
            in_force   boolean NOT NULL,
            registered bigint,
            passed     bigint,
            source     text COLLATE "C" NOT NULL,
            event_time timestamptz NOT NULL,
            file       text NOT NULL,
            sheet      text NOT NULL,
            row_number bigint NOT NULL,
            revision   bigint NOT NULL,
            data_hash  bigint NOT NULL
        )$$, g);
    EXECUTE format('COMMENT ON TABLE %I.totals IS %L', g, 'Published totals: waves whose platform gives only totals');

    EXECUTE format($$
        CREATE TABLE %1$I.headcounts (
            entity     uuid PRIMARY KEY,
            in_force   boolean NOT NULL,
            wave       text COLLATE "C" NOT NULL,
            unit       text COLLATE "C" NOT NULL,
            activity   text NOT NULL,
            day        date,
            audiences  text[] NOT NULL,
            people     bigint NOT NULL,
            source     text COLLATE "C" NOT NULL,
            event_time timestamptz NOT NULL,
            file       text NOT NULL,
            sheet      text NOT NULL,
            row_number bigint NOT NULL,
            revision   bigint NOT NULL,
            data_hash  bigint NOT NULL
        )$$, g);
    EXECUTE format('COMMENT ON TABLE %I.headcounts IS %L', g, 'Attendances of nameless people (lượt người) by class or activity: not people');

    EXECUTE format($$
        CREATE TABLE %1$I.marks (
            entity    uuid PRIMARY KEY,
            source    text COLLATE "C" NOT NULL,
            stream    text COLLATE "C" NOT NULL,
            substream text COLLATE "C" NOT NULL,
            partition integer NOT NULL,
            through   timestamptz NOT NULL,
            records   bigint NOT NULL,
            dead      bigint NOT NULL,
            revision  bigint NOT NULL,
            data_hash bigint NOT NULL,
            every_s   bigint NOT NULL DEFAULT 0
        ) WITH (fillfactor = 60)$$, g);
    -- Sub-streams of rosters are many and say nothing of the platforms.
    EXECUTE format($$CREATE INDEX marks_of_platforms ON %I.marks (source, stream, substream)
                       WHERE stream NOT IN ('roster', 'totals', 'headcounts')$$, g);
    EXECUTE format('COMMENT ON TABLE %I.marks IS %L', g, 'source.swept: a sub-stream is complete through its least mark; every_s: how often it is read whole, 0 = nothing is promised');

    EXECUTE format($$
        CREATE TABLE %1$I.dead_letters (
            entity     uuid PRIMARY KEY,
            in_force   boolean NOT NULL,
            source     text COLLATE "C" NOT NULL,
            reason     text COLLATE "C" NOT NULL,
            detail     text NOT NULL,
            stream     text COLLATE "C" NOT NULL,
            wave       text COLLATE "C" NOT NULL,
            unit       text COLLATE "C" NOT NULL,
            file       text NOT NULL,
            sheet      text NOT NULL,
            row_number bigint NOT NULL,
            topic      text COLLATE "C" NOT NULL,
            partition  integer NOT NULL,
            "offset"   bigint NOT NULL,
            revision   bigint NOT NULL,
            data_hash  bigint NOT NULL
        )$$, g);
    EXECUTE format('COMMENT ON TABLE %I.dead_letters IS %L', g,
        'Records that ingest could not map, and records of the events topic that could not be read');

    EXECUTE format($$
        CREATE TABLE %1$I.unmapped (
            kind   text COLLATE "C" NOT NULL CHECK (kind IN ('wave', 'course')),
            source text COLLATE "C" NOT NULL,
            code   text COLLATE "C" NOT NULL,
            PRIMARY KEY (kind, source, code)
        )$$, g);
    EXECUTE format('COMMENT ON TABLE %I.unmapped IS %L', g,
        'Waves and courses that folded events mention and the generation''s config does not know');

    EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA %I TO mooc_writer', g);
END $create$;

CREATE FUNCTION pulse.create_generation(number integer, fold integer, config integer) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    INSERT INTO pulse.generations (generation, fold_version, config_version) VALUES (number, fold, config);
    INSERT INTO pulse.writers (generation) VALUES (number);
    PERFORM pulse.create_generation_tables(number);
END $$;

ALTER FUNCTION pulse.create_generation_tables OWNER TO mooc_owner;
ALTER FUNCTION pulse.create_generation OWNER TO mooc_owner;
COMMENT ON FUNCTION pulse.create_generation_tables IS 'Makes the schema gen_N with its tables';
COMMENT ON FUNCTION pulse.create_generation IS 'Makes the schema gen_N with its tables, and its rows in pulse';
REVOKE ALL ON FUNCTION pulse.create_generation_tables, pulse.create_generation FROM PUBLIC;

SET LOCAL ROLE mooc_owner;
SELECT pulse.create_generation(1, 7, 0);
INSERT INTO pulse.live (generation) VALUES (1);

-- Figures as of an instant: written, read through the same views and rolled back in one transaction, so that nobody else ever sees a row
-- of them (mooc.as_of, pulse.live_among). What is rolled back needs no log of its own.
SELECT pulse.create_generation_tables(0);
DO $$
DECLARE
    source_table text;
BEGIN
    FOR source_table IN SELECT c.relname FROM pg_class c WHERE c.relnamespace = 'gen_0'::regnamespace AND c.relkind = 'r' LOOP
        EXECUTE format('ALTER TABLE gen_0.%I SET UNLOGGED', source_table);
    END LOOP;
END $$;
COMMENT ON SCHEMA gen_0 IS 'Figures as of an instant, within the transaction that prints them; empty to everybody else';

COMMIT;
