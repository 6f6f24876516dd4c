-- Verify mooc_pulse:backup on pg
SELECT position, name FROM pulse.saved_tables WHERE false;
-- Each of them is there and can be read.
SELECT 1 / count(name)::integer FROM pulse.saved_tables WHERE pulse.saved_columns(name) IS NOT NULL;
SELECT 1 / has_function_privilege('mooc_writer', 'pulse.saved_logins()', 'EXECUTE')::integer;
SELECT 1 / has_function_privilege('mooc_writer', 'pulse.restore_rows(text, jsonb)', 'EXECUTE')::integer;
