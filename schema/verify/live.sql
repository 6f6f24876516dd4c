-- Verify mooc_pulse:live on pg
SELECT scope, training, wave, year, value, unit, study_group, registered, not_registered FROM pulse.live_tallies WHERE false;
SELECT scope, training, wave, value, unit, month, active, change_7 FROM pulse.live_activity WHERE false;
SELECT training, wave, began_at, facts FROM pulse.live_activity_5min WHERE false;
SELECT training, wave, unit, day_0, completed_on, lectures, learners FROM pulse.live_deadlines WHERE false;
SELECT entity, wave, unit, activity, people FROM pulse.live_headcounts WHERE false;
SELECT config_version, training, position FROM pulse.live_pass_rules WHERE false;
SELECT kind, subject, wave, unit, name, source, file, sheet, row_number FROM pulse.live_issues WHERE false;
SELECT entity, wave, in_force, registered, passed, event_time FROM pulse.live_totals WHERE false;
SELECT source, stream, substream, partition, through FROM pulse.live_marks WHERE false;
SELECT entity, in_force, reason, topic, partition, "offset" FROM pulse.live_dead_letters WHERE false;
SELECT kind, source, code FROM pulse.live_unmapped WHERE false;
SELECT config_version, training FROM pulse.live_trainings WHERE false;
SELECT config_version, wave FROM pulse.live_waves WHERE false;
SELECT config_version, course FROM pulse.live_courses WHERE false;
