-- Verify mooc_pulse:generation on pg
SELECT 1 / count(*) FROM pulse.live WHERE generation = 1;
SELECT subject, training, facts FROM gen_1.states WHERE false;
SELECT scope, registered FROM gen_0.tallies WHERE false;
SELECT subject, person FROM gen_1.members WHERE false;
SELECT identifier, subject, on_roster, name, citizen FROM gen_1.carriers WHERE false;
SELECT scope, training, wave, year, value, unit, study_group, registered, not_registered, first_time, score_sum FROM gen_1.tallies WHERE false;
SELECT scope, training, wave, value, unit, month, active, change_7, change_7_sum, newly_passed FROM gen_1.activity WHERE false;
SELECT training, wave, began_at, facts, learners FROM gen_1.activity_5min WHERE false;
SELECT training, wave, unit, day_0, completed_on, lectures, learners FROM gen_1.deadlines WHERE false;
SELECT entity, in_force, wave, unit, activity, day, audiences, people FROM gen_1.headcounts WHERE false;
SELECT kind, subject, wave, unit, name, file, sheet, row_number FROM gen_1.issues WHERE false;
SELECT entity, wave, in_force, registered, passed FROM gen_1.totals WHERE false;
SELECT entity, source, stream, substream, partition, through FROM gen_1.marks WHERE false;
SELECT entity, in_force, reason, topic, partition, "offset" FROM gen_1.dead_letters WHERE false;
SELECT kind, source, code FROM gen_1.unmapped WHERE false;
