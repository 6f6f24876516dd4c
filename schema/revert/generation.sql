-- Revert mooc_pulse:generation from pg
BEGIN;
DO $$
DECLARE
    n integer;
BEGIN
    FOR n IN SELECT generation FROM pulse.generations LOOP
        EXECUTE format('DROP SCHEMA gen_%s CASCADE', n);
    END LOOP;
END $$;
TRUNCATE archive.offsets, pulse.offsets, pulse.writers, pulse.live, pulse.generations;
DROP SCHEMA gen_0 CASCADE;
DROP FUNCTION pulse.create_generation, pulse.create_generation_tables;
COMMIT;
