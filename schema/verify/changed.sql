-- Verify mooc_pulse:changed on pg
SELECT training, unit, changed_at, facts FROM pulse.changed WHERE false;
SELECT 1 / (count(*) = 1)::integer FROM pulse.changed_all;
SELECT changed_at, day_began FROM pulse.raised WHERE false;
SELECT training, changed_at FROM pulse.changed_trainings WHERE false;
