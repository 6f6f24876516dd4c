-- $1: the instant. Faults of records are as they are known now: a record that could not be read has no time. So is how far the platforms
-- were read: what was read later, through that instant, is in these figures. Only then the views change.
WITH known AS (
    INSERT INTO gen_0.dead_letters SELECT * FROM pulse.live_dead_letters RETURNING 1
), gone AS (
    DELETE FROM gen_0.marks RETURNING 1
), marked AS (
    INSERT INTO gen_0.marks SELECT m.* FROM (SELECT count(*) FROM gone) AS all_gone, pulse.live_marks m RETURNING 1
)
SELECT set_config('mooc.as_of', $1, true) FROM (SELECT count(*) FROM known) AS all_known, (SELECT count(*) FROM marked) AS all_marked
