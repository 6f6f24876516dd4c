-- Verify mooc_pulse:completeness on pg
SELECT source, stream, substream, through, records, dead, every_s FROM pulse.substreams WHERE false;
SELECT training, source, stream, complete_through FROM pulse.training_streams WHERE false;
SELECT training, complete_through, has_data, has_completion FROM pulse.training_state WHERE false;
SELECT training, has_completion FROM pulse.training_completion WHERE false;
