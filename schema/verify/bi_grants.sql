-- Verify mooc_pulse:bi_grants on pg
SELECT login, unit FROM pulse.bi_grants WHERE false;
SELECT sees_all FROM pulse.reader WHERE false;
SELECT unit FROM pulse.visible_units WHERE false;
SELECT wave FROM pulse.visible_waves WHERE false;
