-- Deploy mooc_pulse:closed to pg
-- Figures closed for a report that was sent (chốt số liệu): kept as they were printed. They belong to no generation, and nobody changes or
-- removes a row: what is wrong in them is told by a later report.
BEGIN;
SET LOCAL ROLE mooc_owner;

CREATE TABLE pulse.closed_documents (
    doc            text COLLATE "C" PRIMARY KEY CHECK (doc <> '' AND length(doc) <= 200),
    wave           text COLLATE "C" NOT NULL,
    training       text COLLATE "C" NOT NULL,
    at             timestamptz NOT NULL,
    generation     integer NOT NULL,
    fold_version   integer NOT NULL,
    config_version integer NOT NULL,
    offsets        jsonb NOT NULL,
    checksum       text COLLATE "C" NOT NULL,
    reason         text,
    closed_by      text NOT NULL,
    login          text NOT NULL DEFAULT session_user,
    closed_at      timestamptz NOT NULL DEFAULT clock_timestamp()
);
COMMENT ON TABLE pulse.closed_documents IS 'Reports whose figures are closed: of which wave and instant, counted how, by whom';
COMMENT ON COLUMN pulse.closed_documents.generation IS 'The live generation then; it may be dropped by now';
COMMENT ON COLUMN pulse.closed_documents.offsets IS 'What of the archive was counted: [[topic, partition, next offset], ...]';
COMMENT ON COLUMN pulse.closed_documents.checksum IS 'SHA-256 over name, language and checksum of each report, in their order';

CREATE TABLE pulse.closed_reports (
    doc      text COLLATE "C" NOT NULL REFERENCES pulse.closed_documents DEFERRABLE INITIALLY DEFERRED,
    report   text COLLATE "C" NOT NULL,
    language text COLLATE "C" NOT NULL CHECK (language IN ('vi', 'en')),
    body     text NOT NULL,
    checksum text COLLATE "C" NOT NULL,
    PRIMARY KEY (doc, report, language)
);
COMMENT ON TABLE pulse.closed_reports IS 'Each printed report whole, as the program prints it again; checksum: SHA-256 of body';

CREATE TABLE pulse.closed_cells (
    doc      text COLLATE "C" NOT NULL REFERENCES pulse.closed_documents DEFERRABLE INITIALLY DEFERRED,
    report   text COLLATE "C" NOT NULL,
    part     integer NOT NULL,
    "row"    integer NOT NULL,
    "column" integer NOT NULL,
    unit     text COLLATE "C",
    row_key  text COLLATE "C" NOT NULL,
    label    text NOT NULL,
    measure  text COLLATE "C" NOT NULL,
    heading  text NOT NULL,
    count    bigint,
    "of"     bigint,
    printed  text NOT NULL,
    PRIMARY KEY (doc, report, part, "row", "column")
);
COMMENT ON TABLE pulse.closed_cells IS 'Each cell of the closed reports: what stands in it, under which heading and beside which label';
COMMENT ON COLUMN pulse.closed_cells.row_key IS 'The row''s codes, by which it is found again in a later report';
COMMENT ON COLUMN pulse.closed_cells."of" IS 'Of a rate what it was divided by; count / of is the exact fraction';

CREATE VIEW bi.closed_figures WITH (security_barrier) AS
SELECT d.doc, d.wave, d.training, d.at, c.report, c.part, c."row", c."column", c.unit, c.label COLLATE "vi-x-icu" AS label, c.measure,
       c.heading COLLATE "vi-x-icu" AS heading,
       CASE WHEN c."of" IS NULL THEN c.count::numeric ELSE c.count::numeric / nullif(c."of", 0) END AS value,
       c.count, c."of", c.printed, d.generation, d.config_version, d.offsets::text AS offsets, d.checksum, d.closed_by, d.closed_at,
       u.unit_path, d.closed_at AS changed_at
  FROM pulse.closed_cells c JOIN pulse.closed_documents d USING (doc) LEFT JOIN bi.units u USING (unit)
 WHERE (SELECT sees_all FROM pulse.reader) OR c.unit IN (SELECT unit FROM pulse.visible_units);

GRANT SELECT, INSERT ON pulse.closed_documents, pulse.closed_reports, pulse.closed_cells TO mooc_writer;
GRANT SELECT ON bi.closed_figures TO mooc_bi, mooc_writer;

COMMIT;
