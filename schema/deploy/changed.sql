-- Deploy mooc_pulse:changed to pg
-- When figures changed, for tools that fetch only what is new. Beside the generations, for their rows hold no clock. The live writer
-- notes it in the transaction that changes the figures, after its first statement, the fence; who promotes or loads config holds the
-- same rows. So whoever saw an instant here and asks for rows changed since (>=) misses nothing.
BEGIN;
SET LOCAL ROLE mooc_owner;

CREATE TABLE pulse.changed (
    training   text COLLATE "C" NOT NULL,
    unit       text COLLATE "C" NOT NULL,
    changed_at timestamptz NOT NULL,
    facts      boolean NOT NULL,
    PRIMARY KEY (training, unit)
) WITH (fillfactor = 40, autovacuum_vacuum_scale_factor = 0.02);
COMMENT ON TABLE pulse.changed IS
    'When the figures of a unit in a training (empty: over all trainings) last changed; unit * stands for what belongs to no unit: '
    'platforms, audiences by day, five minutes, published totals';
COMMENT ON COLUMN pulse.changed.facts IS 'More than lists are known of the training there: before the first such fact its counts were empty, then zero';

CREATE TABLE pulse.changed_all (
    one        boolean PRIMARY KEY DEFAULT true CHECK (one),
    changed_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
COMMENT ON TABLE pulse.changed_all IS 'When figures of all units changed: promote, rollback, config load, a training''s first facts';
INSERT INTO pulse.changed_all DEFAULT VALUES;

-- Names, trees and paths of units change by themselves on the day on which another version of a tree begins.
CREATE VIEW pulse.raised AS
SELECT greatest(a.changed_at, (SELECT max(v.version_from)::timestamp AT TIME ZONE 'Asia/Ho_Chi_Minh' FROM pulse.tree_versions v
                                WHERE v.version_from <= (now() AT TIME ZONE 'Asia/Ho_Chi_Minh')::date)) AS changed_at,
       (now() AT TIME ZONE 'Asia/Ho_Chi_Minh')::date::timestamp AT TIME ZONE 'Asia/Ho_Chi_Minh' AS day_began
  FROM pulse.changed_all a;
COMMENT ON VIEW pulse.raised IS 'When all rows last changed, and when today began in Vietnam';

CREATE VIEW pulse.changed_trainings AS
SELECT training, max(changed_at) AS changed_at FROM pulse.changed GROUP BY training;
COMMENT ON VIEW pulse.changed_trainings IS 'When anything of a training last changed';

GRANT SELECT ON pulse.raised, pulse.changed_trainings TO mooc_writer;
GRANT SELECT, INSERT, UPDATE ON pulse.changed TO mooc_writer;
GRANT SELECT, UPDATE ON pulse.changed_all TO mooc_writer;

COMMIT;
