SELECT pg_try_advisory_lock(1836020579, 2)
