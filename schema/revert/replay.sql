-- Revert mooc_pulse:replay from pg
BEGIN;
DROP FUNCTION pulse.changing_over, pulse.generation_checksums, pulse.sessions_in_the_way, pulse.drop_generation, pulse.switch_generation, pulse.finish_replay,
    pulse.index_generation, pulse.begin_replay;
DROP SEQUENCE pulse.generation_numbers;
COMMIT;
