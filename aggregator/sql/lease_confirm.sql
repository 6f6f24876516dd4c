-- Still this writer's? What was read before this is then its own, or older.
SELECT FROM pulse.writers WHERE generation = $1::integer AND epoch = $2::bigint
