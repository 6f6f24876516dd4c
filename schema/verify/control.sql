-- Verify mooc_pulse:control on pg
SELECT version FROM pulse.schema_version WHERE false;
SELECT generation, fold_version, config_version, state, created_at FROM pulse.generations WHERE false;
SELECT generation FROM pulse.live WHERE false;
SELECT generation, epoch, instance, pid, backend_start, heartbeat_at FROM pulse.writers WHERE false;
SELECT generation, topic, partition, next_offset, writer_epoch, config_version, log_time FROM pulse.offsets WHERE false;
SELECT entity, revision, topic, partition, "offset", dropped_by, dropped_at, reason FROM pulse.dead_dropped WHERE false;
