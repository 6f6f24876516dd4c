-- Verify mooc_pulse:erasure on pg
SELECT subject, folded_at, blanked_at FROM archive.erasures WHERE false;
SELECT subject, asked_at FROM archive.erasures_asked WHERE false;
SELECT has_function_privilege('archive.blank_erased(regclass)', 'execute'), has_function_privilege('archive.erasures_blanked(uuid[])', 'execute');
