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
       max(records) AS records, max(dead) AS dead
  FROM pulse.live_marks
 GROUP BY source, stream, substream;
COMMENT ON VIEW pulse.substreams IS 'Parts of the sources'' streams and the instant through which each is complete';

CREATE VIEW pulse.training_streams AS
SELECT f.training, f.source, s.stream, CASE WHEN count(s.through) = count(*) THEN min(s.through) END AS complete_through
  FROM (SELECT DISTINCT training, source FROM pulse.live_courses) f
  LEFT JOIN pulse.substreams s
         ON s.source = f.source AND s.stream NOT IN ('roster', 'totals', 'headcounts')
        -- A sub-stream of another training's course says nothing about this one.
        AND NOT EXISTS (SELECT FROM pulse.live_courses c
                         WHERE c.source = f.source AND c.course = s.substream AND c.training <> f.training)
 GROUP BY f.training, f.source, s.stream;
COMMENT ON VIEW pulse.training_streams IS
    'The platforms'' streams that feed a training; a source of its courses that was never swept has a row without stream';

CREATE VIEW pulse.training_state AS
SELECT t.training,
       (SELECT CASE WHEN count(s.complete_through) = count(*) THEN min(s.complete_through) END
          FROM pulse.training_streams s WHERE s.training = t.training) AS complete_through,
       EXISTS (SELECT FROM pulse.training_streams s WHERE s.training = t.training AND s.stream IS NOT NULL)
       OR EXISTS (SELECT FROM pulse.live_tallies f
                   WHERE f.scope = 'training' AND f.training = t.training AND f.wave = '' AND f.year = 0 AND f.value = ''
                     AND (f.accounts > 0 OR f.enrolled > 0 OR f.participated > 0 OR f.sat > 0 OR f.certified > 0
                          OR f.completed > 0 OR f.not_registered > 0))
       OR EXISTS (SELECT FROM pulse.live_tallies f
                   WHERE f.scope = 'wave' AND f.training = t.training
                     AND (f.accounts > 0 OR f.enrolled > 0 OR f.participated > 0 OR f.sat > 0 OR f.certified > 0
                          OR f.completed > 0)) AS has_data
  FROM pulse.live_trainings t
UNION ALL
SELECT '',
       (SELECT CASE WHEN count(s.complete_through) = count(*) THEN min(s.complete_through) END FROM pulse.training_streams s),
       EXISTS (SELECT FROM pulse.live_marks m WHERE m.stream NOT IN ('roster', 'totals', 'headcounts'))
       OR EXISTS (SELECT FROM pulse.live_tallies f
                   WHERE f.scope IN ('all', 'year')
                     AND (f.accounts > 0 OR f.enrolled > 0 OR f.participated > 0 OR f.sat > 0 OR f.certified > 0
                          OR f.completed > 0 OR f.not_registered > 0));
COMMENT ON VIEW pulse.training_state IS
    'Per training, and over all (empty), when its figures are complete, and whether a platform was swept or anything was counted';

GRANT SELECT ON pulse.substreams, pulse.training_streams, pulse.training_state TO mooc_writer;

COMMIT;
