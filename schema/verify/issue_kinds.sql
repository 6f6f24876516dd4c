-- Verify mooc_pulse:issue_kinds on pg
SELECT kind, position, for_unit, label_vi, label_en, to_do_vi, to_do_en FROM pulse.issue_kinds WHERE false;
SELECT position, en, vi FROM pulse.detail_words WHERE false;
SELECT has_function_privilege('pulse.detail_vi(text)', 'execute');
