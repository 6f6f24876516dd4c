-- Deploy mooc_pulse:completeness to pg
-- Through when the figures of a training are complete, and whether anything is known of its learners: no data is not zero.
BEGIN;
SET LOCAL ROLE mooc_owner;

CREATE VIEW pulse.substreams AS
WITH partition_count AS (
    SELECT count(*) AS partitions
      FROM pulse.offsets o JOIN pulse.live USING (generation)
     WHERE o.topic IN (SELECT topic FROM archive.offsets)
)
-- A sub-stream that has not reached every partition is not complete through anything.
SELECT source, stream, substream,
       CASE WHEN count(*) >= (SELECT partitions FROM partition_count) THEN min(through) END AS through,
       max(records) AS records, max(dead) AS dead, max(every_s) AS every_s
  FROM pulse.live_marks
 GROUP BY source, stream, substream;
COMMENT ON VIEW pulse.substreams IS 'Parts of the sources'' streams and the instant through which each is complete';

CREATE VIEW pulse.training_streams AS
WITH part AS NOT MATERIALIZED (
    SELECT s.source, s.stream, s.substream, s.through, c.training
      FROM pulse.substreams s LEFT JOIN pulse.live_courses c ON c.source = s.source AND c.course = s.substream
     WHERE s.stream NOT IN ('roster', 'totals', 'headcounts')
)
-- A sub-stream of a course says something about that course's training; another one about all trainings of its source.
SELECT f.training, f.source, p.stream, CASE WHEN count(p.through) = count(*) THEN min(p.through) END AS complete_through
  FROM (SELECT DISTINCT training, source FROM pulse.live_courses) f
  LEFT JOIN part p ON p.source = f.source AND coalesce(p.training, f.training) = f.training
 GROUP BY f.training, f.source, p.stream;
COMMENT ON VIEW pulse.training_streams IS
    'The platforms'' streams that feed a training; a source of its courses that was never swept has a row without stream';

CREATE VIEW pulse.training_completion AS
SELECT t.training,
       -- Without a rule nobody completes; and where certificates are known and nobody completed, no platform tells progress.
       EXISTS (SELECT FROM pulse.live_tallies f
                WHERE f.scope = 'training' AND f.training = t.training AND f.wave = '' AND f.year = 0 AND f.value = '' AND f.completed > 0)
       OR (num_nonnulls(t.completion_min_progress, t.completion_by, t.completion_min_attendance) > 0
           AND NOT EXISTS (SELECT FROM pulse.live_tallies f
                            WHERE f.scope = 'training' AND f.training = t.training AND f.wave = '' AND f.year = 0 AND f.value = ''
                              AND f.certified > 0)) AS has_completion
  FROM pulse.live_trainings t;
COMMENT ON VIEW pulse.training_completion IS 'Per training whether it is known who completed';

CREATE VIEW pulse.training_state AS
WITH swept AS NOT MATERIALIZED (
    SELECT coalesce(training, '') COLLATE "C" AS training, CASE WHEN count(complete_through) = count(*) THEN min(complete_through) END AS through,
           count(stream) > 0 AS any
      FROM pulse.training_streams GROUP BY GROUPING SETS ((training), ())
)
SELECT t.training, s.through AS complete_through,
       coalesce(s.any, false)
       OR EXISTS (SELECT FROM pulse.live_tallies f
                   WHERE f.scope = 'training' AND f.training = t.training AND f.wave = '' AND f.year = 0 AND f.value = ''
                     AND (f.accounts > 0 OR f.enrolled > 0 OR f.participated > 0 OR f.sat > 0 OR f.certified > 0
                          OR f.completed > 0 OR f.not_registered > 0))
       OR EXISTS (SELECT FROM pulse.live_tallies f
                   WHERE f.scope = 'wave' AND f.training = t.training
                     AND (f.accounts > 0 OR f.enrolled > 0 OR f.participated > 0 OR f.sat > 0 OR f.certified > 0
                          OR f.completed > 0)) AS has_data,
       (SELECT c.has_completion FROM pulse.training_completion c WHERE c.training = t.training) AS has_completion
  FROM pulse.live_trainings t LEFT JOIN swept s USING (training)
UNION ALL
SELECT ''::text COLLATE "C", s.through,
       s.any
       OR EXISTS (SELECT FROM pulse.live_tallies f
                   WHERE f.scope IN ('all', 'year')
                     AND (f.accounts > 0 OR f.enrolled > 0 OR f.participated > 0 OR f.sat > 0 OR f.certified > 0
                          OR f.completed > 0 OR f.not_registered > 0)),
       EXISTS (SELECT FROM pulse.live_tallies f WHERE f.scope = 'all' AND f.completed > 0)
       OR (EXISTS (SELECT FROM pulse.live_trainings t
                    WHERE num_nonnulls(t.completion_min_progress, t.completion_by, t.completion_min_attendance) > 0)
           AND NOT EXISTS (SELECT FROM pulse.live_tallies f WHERE f.scope = 'all' AND f.certified > 0))
  FROM swept s WHERE s.training = '';
COMMENT ON VIEW pulse.training_state IS
    'Per training, and over all (empty), when its figures are complete, whether a platform was swept or anything was counted, and whether '
    'it is known who completed';

GRANT SELECT ON pulse.substreams, pulse.training_streams, pulse.training_completion, pulse.training_state TO mooc_writer;

COMMIT;
