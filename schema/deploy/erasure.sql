-- Deploy mooc_pulse:erasure to pg
-- Whom the writer has folded an erasure of, and the one change that rows of the archive ever see.
BEGIN;
SET LOCAL ROLE mooc_owner;

CREATE TABLE archive.erasures (
    subject    uuid PRIMARY KEY,
    folded_at  timestamptz NOT NULL DEFAULT now(),
    blanked_at timestamptz
);
COMMENT ON TABLE archive.erasures IS
    'Learner keys that were erased: the writer notes them with the fold, `mooc-aggregator erase` then blanks what the archive has of them';
COMMENT ON COLUMN archive.erasures.subject IS 'First 128 bits of SHA-256 of the learner key; of a link, of its entity';
COMMENT ON COLUMN archive.erasures.blanked_at IS 'When no row of the archive had anything of it any more; NULL: not yet';
GRANT SELECT, INSERT ON archive.erasures TO mooc_writer;

CREATE TABLE archive.erasures_asked (
    subject  uuid PRIMARY KEY,
    asked_at timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE archive.erasures_asked IS
    'Learner keys whose erasure was handed over: until the writer has folded it, `mooc-aggregator erase --finish` says that it is not done';
GRANT SELECT, INSERT ON archive.erasures_asked TO mooc_writer;

-- Rows that come later are blank when they are written. A link has no subject: its entity stands for it.
CREATE FUNCTION archive.blank_erased(month regclass) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    blanked bigint;
BEGIN
    IF NOT EXISTS (SELECT FROM pg_inherits WHERE inhparent = 'archive.events'::regclass AND inhrelid = month) THEN
        RAISE EXCEPTION 'archive.blank_erased: % is no month of the archive', month;
    END IF;
    EXECUTE format(
        'UPDATE %s AS e
            SET type = NULL, source = NULL, subject = NULL, entity = NULL, revision = NULL, previous = NULL,
                event_time = NULL, data_hash = NULL, value = NULL
           FROM archive.erasures x
          WHERE x.subject = coalesce(e.subject, e.entity) AND e.type <> ''learner.erased''', month);
    GET DIAGNOSTICS blanked = ROW_COUNT;
    RETURN blanked;
END $$;
ALTER FUNCTION archive.blank_erased OWNER TO mooc_owner;
COMMENT ON FUNCTION archive.blank_erased IS
    'Of a month''s rows of erased learners leaves partition, offset, log_time and id; returns how many had more';
REVOKE ALL ON FUNCTION archive.blank_erased FROM PUBLIC;
GRANT EXECUTE ON FUNCTION archive.blank_erased TO mooc_writer;

CREATE FUNCTION archive.erasures_blanked(subjects uuid[]) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    UPDATE archive.erasures SET blanked_at = now() WHERE subject = ANY (subjects) AND blanked_at IS NULL;
    DELETE FROM archive.erasures_asked a USING archive.erasures e WHERE e.subject = a.subject;
$$;
ALTER FUNCTION archive.erasures_blanked OWNER TO mooc_owner;
COMMENT ON FUNCTION archive.erasures_blanked IS 'Notes that every month was gone through after these were folded';
REVOKE ALL ON FUNCTION archive.erasures_blanked FROM PUBLIC;
GRANT EXECUTE ON FUNCTION archive.erasures_blanked TO mooc_writer;

INSERT INTO pulse.saved_tables (position, name) VALUES (180, 'archive.erasures'), (181, 'archive.erasures_asked');

COMMIT;
