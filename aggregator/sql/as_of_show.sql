-- $1: the instant. Faults of records are as they are known now: a record that could not be read has no time. Only then the views change.
WITH known AS (
    INSERT INTO gen_0.dead_letters SELECT * FROM pulse.live_dead_letters RETURNING 1
)
SELECT set_config('mooc.as_of', $1, true) FROM (SELECT count(*) FROM known) AS all_known
