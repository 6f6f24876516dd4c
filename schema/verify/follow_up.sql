-- Verify mooc_pulse:follow_up on pg
SELECT 1 / has_function_privilege('mooc_writer', 'pulse.follow_up_people(uuid[])', 'EXECUTE')::integer;
SELECT 1 / has_function_privilege('mooc_follow_up', 'pulse.follow_up_named(bigint[])', 'EXECUTE')::integer;
SELECT 1 / has_table_privilege('mooc_follow_up', 'pulse.units', 'SELECT')::integer;
