-- $1: entities, $2: who, $3: why. Sets them aside, as they are in force in the live generation; those that are set aside already stay so.
INSERT INTO pulse.dead_dropped (entity, revision, topic, partition, "offset", dropped_by, reason)
SELECT entity, revision, topic, partition, "offset", $2, $3
  FROM pulse.live_dead_letters
 WHERE in_force AND entity = ANY ($1::uuid[])
    ON CONFLICT DO NOTHING
