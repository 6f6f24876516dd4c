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

-- A month that only an export holds has no table; format() takes no NULL for a name.
CREATE FUNCTION archive.is_month(month regclass) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT EXISTS (SELECT FROM pg_inherits WHERE inhparent = 'archive.events'::regclass AND inhrelid = $1)
        OR EXISTS (SELECT FROM archive.detached d WHERE to_regclass('archive.' || quote_ident(d.table_name)) = $1)
$$;
COMMENT ON FUNCTION archive.is_month IS 'Whether a table holds a month of the archive, also one that was detached and kept';

-- Rows that come later are blank when they are written. A link has no subject: its entity stands for it. What is noted of a month that was
-- detached has to say what its table says from then on.
CREATE FUNCTION archive.blank_erased(month regclass) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    blanked bigint;
BEGIN
    IF NOT archive.is_month(month) THEN
        RAISE EXCEPTION 'archive.blank_erased: % is no month of the archive', month;
    END IF;
    EXECUTE format(
        'UPDATE %s AS e
            SET type = NULL, source = NULL, subject = NULL, entity = NULL, revision = NULL, previous = NULL,
                event_time = NULL, data_hash = NULL, value = NULL
           FROM archive.erasures x
          WHERE x.subject = coalesce(e.subject, e.entity) AND e.type <> ''learner.erased''', month);
    GET DIAGNOSTICS blanked = ROW_COUNT;
    IF blanked > 0 AND EXISTS (SELECT FROM archive.detached d WHERE to_regclass('archive.' || quote_ident(d.table_name)) = blank_erased.month) THEN
        EXECUTE format(
            'UPDATE archive.detached AS d SET erased = n.erased, hash = n.hash
               FROM (SELECT partition, count(*) FILTER (WHERE value IS NULL AND id IS NOT NULL) AS erased,
                            bit_xor(archive.record_hash("offset", log_time, id, value)) AS hash
                       FROM %s GROUP BY partition) AS n
              WHERE to_regclass(''archive.'' || quote_ident(d.table_name)) = $1 AND d.partition = n.partition', month) USING month;
    END IF;
    RETURN blanked;
END $$;
ALTER FUNCTION archive.blank_erased OWNER TO mooc_owner;
COMMENT ON FUNCTION archive.blank_erased IS
    'Of a month''s rows of erased learners leaves partition, offset, log_time and id; returns how many had more';

-- Who is not in force connects nobody, and nothing in a generation names whoever left a list: the removal says which row it was, not
-- whose. The records of before do.
CREATE FUNCTION archive.former_identities(month regclass, generation integer)
RETURNS TABLE (subject uuid, identifier uuid, name bigint)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF NOT archive.is_month(month) THEN
        RAISE EXCEPTION 'archive.former_identities: % is no month of the archive', month;
    END IF;
    RETURN QUERY EXECUTE format(
        $sql$
        SELECT DISTINCT r.subject, encode(substring(sha256(convert_to(i.identifier, 'UTF8')) FOR 16), 'hex')::uuid,
               ('x' || encode(substring(sha256(convert_to(r.data ->> 'name', 'UTF8')) FOR 8), 'hex'))::bit(64)::bigint
          FROM (SELECT coalesce(e.subject, e.entity) AS subject, convert_from(e.value, 'UTF8')::jsonb -> 'data' AS data
                  FROM %s e
                 WHERE split_part(e.type, '.', 1) IN ('roster', 'attendance', 'account', 'identity')
                   AND NOT EXISTS (SELECT FROM %I.carriers c WHERE c.subject = coalesce(e.subject, e.entity))
                   AND NOT EXISTS (SELECT FROM archive.erasures x WHERE x.subject = coalesce(e.subject, e.entity))
                OFFSET 0) r,
               LATERAL jsonb_array_elements_text(CASE WHEN jsonb_typeof(r.data -> 'identifiers') = 'array' THEN r.data -> 'identifiers' END)
                   AS i (identifier)
        $sql$, month, 'gen_' || generation);
END $$;
ALTER FUNCTION archive.former_identities OWNER TO mooc_owner;
COMMENT ON FUNCTION archive.former_identities IS
    'Whom a month''s records named, by which identifiers and under which name, of keys that carry none in the generation any more';

REVOKE ALL ON FUNCTION archive.is_month, archive.blank_erased, archive.former_identities FROM PUBLIC;
GRANT EXECUTE ON FUNCTION archive.blank_erased, archive.former_identities TO mooc_writer;

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
