-- Deploy mooc_pulse:verify to pg
-- Outcomes stay when a generation goes, so they do not refer to it.
BEGIN;
SET LOCAL ROLE mooc_owner;

CREATE TABLE pulse.verifications (
    verification   bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    generation     integer NOT NULL,
    config_version integer NOT NULL,
    training       text COLLATE "C",
    unit           text COLLATE "C",
    vector         jsonb NOT NULL,
    began_at       timestamptz NOT NULL,
    seconds        double precision NOT NULL,
    checks         jsonb NOT NULL,
    compared       bigint NOT NULL,
    differences    bigint NOT NULL
);
COMMENT ON TABLE pulse.verifications IS 'Each finished mooc-aggregator verify: a generation''s tables recomputed from the archive and compared';
COMMENT ON COLUMN pulse.verifications.training IS 'Of a sample: only this training; NULL: all';
COMMENT ON COLUMN pulse.verifications.unit IS 'Of a sample: only this unit; NULL: all';
COMMENT ON COLUMN pulse.verifications.vector IS 'Up to which offsets: {topic: {partition: next offset}}';
COMMENT ON COLUMN pulse.verifications.checks IS 'By check: how many rows were compared, how many differences there were';
GRANT SELECT, INSERT ON pulse.verifications TO mooc_writer;

COMMIT;
