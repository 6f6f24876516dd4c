-- A statement of its own: who waited here then sees who writes now, and which backends live now.
SELECT FROM pulse.writers WHERE generation = $1::integer FOR UPDATE
