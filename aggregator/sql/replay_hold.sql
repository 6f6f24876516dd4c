-- Holds a generation still: its writer waits with its next batch until this transaction is over.
SELECT FROM pulse.offsets WHERE generation = $1::integer ORDER BY topic, partition FOR UPDATE
