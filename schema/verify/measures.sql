-- Verify mooc_pulse:measures on pg
SELECT day, month, day_of_month FROM pulse.days WHERE false;
SELECT today FROM pulse.today WHERE false;
SELECT scope, training, wave, year, value, unit, planned, registered, not_passed, pass_rate_participants, complete_through
  FROM pulse.rated_measures WHERE false;
SELECT training, wave, unit, study_group, registered, participation_rate FROM pulse.rated_groups WHERE false;
SELECT tree, version_from, version_to, scope, training, wave, year, unit, above, level, registered, pass_rate_registered
  FROM pulse.rated_subtrees WHERE false;
SELECT scope, training, value, registered, accounts, participation_rate FROM pulse.rated_platforms WHERE false;
