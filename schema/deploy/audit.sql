-- Deploy mooc_pulse:audit to pg
-- Who did what to the figures, when and why. Rows are only ever added.
BEGIN;
SET LOCAL ROLE mooc_owner;

CREATE TABLE pulse.audit (
    entry          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at             timestamptz NOT NULL DEFAULT clock_timestamp(),
    action         text NOT NULL,
    operator       text NOT NULL,
    login          text NOT NULL,
    reason         text,
    generation     integer,
    config_version integer,
    offsets        jsonb NOT NULL,
    detail         jsonb NOT NULL
);
COMMENT ON TABLE pulse.audit IS 'Who changed what the figures are, when and why';
COMMENT ON COLUMN pulse.audit.action IS 'The command, such as replay promote';
COMMENT ON COLUMN pulse.audit.operator IS 'Login of the operating system that typed it';
COMMENT ON COLUMN pulse.audit.login IS 'Login of the database';
COMMENT ON COLUMN pulse.audit.generation IS 'The generation that it is about; it may be dropped by now';
COMMENT ON COLUMN pulse.audit.offsets IS 'Offset vector of that generation then: {topic: {partition: next offset}}';

-- SECURITY DEFINER: who writes an entry can neither change nor remove one.
CREATE FUNCTION pulse.audit_note(action text, operator text, reason text, generation integer, config_version integer, detail jsonb)
RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
INSERT INTO pulse.audit (action, operator, login, reason, generation, config_version, offsets, detail)
SELECT $1, coalesce($2, ''), session_user, nullif($3, ''), $4, $5,
       coalesce((SELECT jsonb_object_agg(topic, vector)
                   FROM (SELECT topic, jsonb_object_agg(partition, next_offset) AS vector
                           FROM pulse.offsets o WHERE o.generation = $4 GROUP BY topic) t), '{}'),
       coalesce($6, '{}')
$$;
COMMENT ON FUNCTION pulse.audit_note IS 'Adds an entry to pulse.audit, with the generation''s offset vector as it is then';
REVOKE ALL ON FUNCTION pulse.audit_note FROM PUBLIC;
GRANT EXECUTE ON FUNCTION pulse.audit_note TO mooc_writer;
GRANT SELECT ON pulse.audit TO mooc_writer;

COMMIT;
