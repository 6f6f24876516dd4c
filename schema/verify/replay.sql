-- Verify mooc_pulse:replay on pg
SELECT has_function_privilege('pulse.begin_replay(integer, integer)', 'EXECUTE'),
       has_function_privilege('pulse.index_generation(integer, text)', 'EXECUTE'),
       has_function_privilege('pulse.finish_replay(integer)', 'EXECUTE'),
       has_function_privilege('pulse.switch_generation(integer, integer)', 'EXECUTE'),
       has_function_privilege('pulse.drop_generation(integer)', 'EXECUTE'),
       has_function_privilege('pulse.sessions_in_the_way(integer)', 'EXECUTE'),
       has_function_privilege('pulse.generation_checksums(integer)', 'EXECUTE'),
       has_function_privilege('pulse.changing_over(integer)', 'EXECUTE');
SELECT last_value FROM pulse.generation_numbers WHERE false;
