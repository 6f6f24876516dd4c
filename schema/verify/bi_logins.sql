-- Verify mooc_pulse:bi_logins on pg
SELECT 1 / has_function_privilege('mooc_writer', 'pulse.add_bi_login(text, text, text[])', 'EXECUTE')::integer;
SELECT 1 / has_function_privilege('mooc_writer', 'pulse.drop_bi_login(text)', 'EXECUTE')::integer;
SELECT 1 / has_function_privilege('mooc_writer', 'pulse.end_bi_sessions(interval)', 'EXECUTE')::integer;
SELECT oid, login FROM pulse.bi_logins WHERE false;
