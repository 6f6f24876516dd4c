-- Holds the live generation still: a batch in flight waits here and then finds another config_version. Whoever was stopped or cut off in
-- the middle, or prints to a pager, lets go.
SET LOCAL idle_in_transaction_session_timeout = '3s';
DO $$
BEGIN
    PERFORM FROM pulse.generations WHERE generation = (SELECT generation FROM pulse.live) FOR UPDATE;
    PERFORM FROM pulse.offsets
      WHERE generation = (SELECT generation FROM pulse.live) ORDER BY topic, partition FOR UPDATE;
END $$;
