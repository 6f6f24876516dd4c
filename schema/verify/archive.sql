-- Verify mooc_pulse:archive on pg
SELECT partition, "offset", log_time, id, type, source, subject, entity, revision, previous, event_time, data_hash, value
  FROM archive.events WHERE false;
SELECT topic, partition, next_offset, last_offset, last_id, generation FROM archive.offsets WHERE false;
SELECT has_function_privilege('mooc_writer', 'archive.ensure_month(timestamptz)', 'EXECUTE');
