-- Verify mooc_pulse:verify on pg
SELECT verification, generation, vector, began_at, seconds, checks, compared, differences FROM pulse.verifications WHERE false;
