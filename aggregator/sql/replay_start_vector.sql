INSERT INTO pulse.offsets (generation, topic, partition, next_offset, writer_epoch, config_version, committed_at)
SELECT generation, topic, partition, next_offset, 0, config_version, clock_timestamp()
  FROM unnest($1::integer[], $2::text[], $3::integer[], $4::bigint[], $5::integer[]) AS v (generation, topic, partition, next_offset, config_version)
