-- Verify mooc_pulse:retention on pg
SELECT id FROM archive.identity WHERE false;
SELECT month, partition, folder, rows, erased, first_offset, last_offset, hash, checked_at FROM archive.exports WHERE false;
SELECT month, partition, rows, erased, first_offset, last_offset, hash, detached_at, table_name FROM archive.detached WHERE false;
SELECT day, part, bytes, records FROM pulse.sizes WHERE false;
SELECT has_function_privilege('mooc_writer', 'archive.detach_month(date, boolean)', 'EXECUTE'),
       has_function_privilege('mooc_writer', 'archive.attach_month(date)', 'EXECUTE'),
       has_function_privilege('mooc_writer', 'archive.note_export(date, text, integer[], bigint[], bigint[])', 'EXECUTE'),
       has_function_privilege('mooc_writer', 'pulse.note_sizes()', 'EXECUTE');
