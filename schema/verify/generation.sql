-- Verify mooc_pulse:generation on pg
SELECT 1 / count(*) FROM pulse.live WHERE generation = 1;
SELECT subject, training, facts FROM gen_1.states WHERE false;
SELECT subject, person FROM gen_1.members WHERE false;
SELECT identifier, subject, on_roster, name, citizen FROM gen_1.carriers WHERE false;
SELECT scope, training, wave, year, unit, study_group, registered, not_registered FROM gen_1.tallies WHERE false;
SELECT kind, subject, wave, unit, name, file, sheet, row_number FROM gen_1.issues WHERE false;
SELECT entity, wave, in_force, registered, passed FROM gen_1.totals WHERE false;
SELECT entity, source, stream, substream, partition, through FROM gen_1.marks WHERE false;
SELECT entity, in_force, reason, topic, partition, "offset" FROM gen_1.dead_letters WHERE false;
SELECT kind, source, code FROM gen_1.unmapped WHERE false;
