-- Verify mooc_pulse:issue_kinds on pg
SELECT kind, position, for_unit, label_vi, label_en, to_do_vi, to_do_en FROM pulse.issue_kinds WHERE false;
