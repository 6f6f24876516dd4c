-- Verify mooc_pulse:audit on pg
SELECT entry, at, action, operator, login, reason, generation, config_version, offsets, detail FROM pulse.audit WHERE false;
SELECT has_function_privilege('pulse.audit_note(text, text, text, integer, integer, jsonb)', 'EXECUTE');
