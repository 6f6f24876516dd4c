-- Revert mooc_pulse:completeness from pg
BEGIN;
DROP VIEW pulse.training_state, pulse.training_completion, pulse.training_streams, pulse.substreams;
COMMIT;
