-- Verify mooc_pulse:measures on pg
SELECT scope, training, wave, year, unit, planned FROM pulse.plans WHERE false;
SELECT scope, training, wave, year, unit, planned, registered, not_passed, pass_rate_participants FROM pulse.rated_measures
 WHERE false;
SELECT training, wave, unit, study_group, registered, participation_rate FROM pulse.rated_groups WHERE false;
SELECT tree, training, wave, unit, above, level, registered, pass_rate_registered FROM pulse.rated_subtrees WHERE false;
