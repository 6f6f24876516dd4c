-- Verify mooc_pulse:labels on pg
SELECT has_function_privilege('mooc_writer', 'pulse.rebuild_unit_paths()', 'execute')
   AND has_function_privilege('mooc_writer', 'pulse.rebuild_working_days()', 'execute');
