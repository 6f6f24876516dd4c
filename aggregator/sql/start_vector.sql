-- Partitions that are new to the generation begin at the log's start; config load locks the same row of generations.
WITH config AS (
    SELECT config_version FROM pulse.generations WHERE generation = $1::integer FOR SHARE
)
INSERT INTO pulse.offsets (generation, topic, partition, next_offset, writer_epoch, config_version)
SELECT $1::integer, $2::text, p, 0, $4::bigint, config.config_version
  FROM config, generate_series(0, $3::integer - 1) AS p
    ON CONFLICT DO NOTHING
