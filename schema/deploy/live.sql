-- Deploy mooc_pulse:live to pg
-- What the live generation holds. Each view has one branch per kept generation; a branch that is not live is not even
-- planned into a scan (one-time filter), so `promote` is an UPDATE of one row and no view changes its name or columns.
BEGIN;

-- A transaction that began before a generation was dropped may still see it as the live one: it is told so, and never shown emptiness.
CREATE FUNCTION pulse.live_among(kept integer[]) RETURNS integer
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    live integer := (SELECT generation FROM pulse.live);
BEGIN
    -- The service shows itself figures as of an instant, which are rolled back afterwards (generation.sql).
    IF coalesce(current_setting('mooc.as_of', true), '') <> '' AND pg_has_role(session_user, 'mooc_writer', 'MEMBER') THEN
        RETURN 0;
    END IF;
    IF live = ANY (kept) THEN
        RETURN live;
    END IF;
    RAISE EXCEPTION 'the figures that this transaction began to read (generation %) are not kept any more', live
        USING ERRCODE = 'object_not_in_prerequisite_state', HINT = 'End the transaction: the next one reads the figures of today.',
              DETAIL = format('số liệu mà giao dịch này bắt đầu đọc (phiên bản %s) không còn được giữ. Hãy kết thúc giao dịch: giao dịch sau đọc số '
                              'liệu hiện nay', live);
END $$;
ALTER FUNCTION pulse.live_among OWNER TO mooc_owner;
COMMENT ON FUNCTION pulse.live_among IS
    'The live generation as this snapshot sees it; an error if it is none of those that are kept; 0 where figures as of an instant are asked';
REVOKE ALL ON FUNCTION pulse.live_among FROM PUBLIC;
GRANT EXECUTE ON FUNCTION pulse.live_among TO mooc_bi, mooc_writer, mooc_owner;

-- A reader holds one view and waits for the next, in any order: with some views locked and others still to lock this gives up before
-- PostgreSQL looks for deadlocks, for of the two the reader would be the one to fail. The caller tries again.
CREATE FUNCTION pulse.rebuild_live_views() RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    source_table text;
    branches text;
    first_locked_at timestamptz;
    left_ms integer;
    patience text := current_setting('lock_timeout');
    kept integer[] := ARRAY(SELECT generation FROM pulse.generations WHERE state = 'ready' ORDER BY generation);
BEGIN
    FOREACH source_table IN ARRAY ARRAY['tallies', 'activity', 'activity_5min', 'deadlines', 'issues', 'totals', 'headcounts', 'marks', 'dead_letters',
                                'unmapped'] LOOP
        SELECT string_agg(
                   format('SELECT * FROM gen_%s.%I WHERE (SELECT pulse.live_among(%L)) = %s', generation, source_table, kept, generation),
                   ' UNION ALL ' ORDER BY generation)
          INTO branches
          FROM unnest(0 || kept) AS generation;
        IF first_locked_at IS NOT NULL THEN
            left_ms := 1000 * extract(epoch FROM first_locked_at + current_setting('deadlock_timeout')::interval * 0.6 - clock_timestamp());
            IF left_ms < 1 THEN
                RAISE EXCEPTION 'readers have held the views for too long' USING ERRCODE = 'lock_not_available';
            END IF;
            PERFORM set_config('lock_timeout', left_ms::text, true);
        END IF;
        EXECUTE format('CREATE OR REPLACE VIEW pulse.live_%s AS %s', source_table, branches);
        first_locked_at := coalesce(first_locked_at, clock_timestamp());
    END LOOP;
    PERFORM set_config('lock_timeout', patience, true);
END $$;
ALTER FUNCTION pulse.rebuild_live_views OWNER TO mooc_owner;
COMMENT ON FUNCTION pulse.rebuild_live_views IS
    'Gives pulse.live_* one branch per generation that is ready: to be called when a generation comes or goes';
REVOKE ALL ON FUNCTION pulse.rebuild_live_views FROM PUBLIC;

SET LOCAL ROLE mooc_owner;
SELECT pulse.rebuild_live_views();

COMMENT ON VIEW pulse.live_tallies IS 'gen_N.tallies of the live generation';
COMMENT ON VIEW pulse.live_activity IS 'gen_N.activity of the live generation';
COMMENT ON VIEW pulse.live_activity_5min IS 'gen_N.activity_5min of the live generation';
COMMENT ON VIEW pulse.live_deadlines IS 'gen_N.deadlines of the live generation';
COMMENT ON VIEW pulse.live_issues IS 'gen_N.issues of the live generation';
COMMENT ON VIEW pulse.live_totals IS 'gen_N.totals of the live generation';
COMMENT ON VIEW pulse.live_headcounts IS 'gen_N.headcounts of the live generation';
COMMENT ON VIEW pulse.live_marks IS 'gen_N.marks of the live generation';
COMMENT ON VIEW pulse.live_dead_letters IS 'gen_N.dead_letters of the live generation';
COMMENT ON VIEW pulse.live_unmapped IS 'gen_N.unmapped of the live generation';

CREATE VIEW pulse.live_trainings AS
SELECT t.*
  FROM pulse.live JOIN pulse.generations g USING (generation) JOIN pulse.trainings t USING (config_version);
COMMENT ON VIEW pulse.live_trainings IS 'Trainings as the live generation was folded with';

CREATE VIEW pulse.live_pass_rules AS
SELECT r.*
  FROM pulse.live JOIN pulse.generations g USING (generation) JOIN pulse.pass_rules r USING (config_version);
COMMENT ON VIEW pulse.live_pass_rules IS 'Pass rules as the live generation was folded with';

CREATE VIEW pulse.live_waves AS
SELECT w.*
  FROM pulse.live JOIN pulse.generations g USING (generation) JOIN pulse.waves w USING (config_version);
COMMENT ON VIEW pulse.live_waves IS 'Waves as the live generation was folded with';

CREATE VIEW pulse.live_courses AS
SELECT c.*
  FROM pulse.live JOIN pulse.generations g USING (generation) JOIN pulse.courses c USING (config_version);
COMMENT ON VIEW pulse.live_courses IS 'Courses as the live generation was folded with';

GRANT SELECT ON pulse.live_tallies, pulse.live_activity, pulse.live_activity_5min, pulse.live_deadlines, pulse.live_issues,
    pulse.live_totals, pulse.live_headcounts, pulse.live_marks, pulse.live_dead_letters, pulse.live_unmapped,
    pulse.live_trainings, pulse.live_pass_rules, pulse.live_waves, pulse.live_courses TO mooc_writer;

COMMIT;
