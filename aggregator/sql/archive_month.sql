-- The month that archive_copy.sql reads, and memory enough to sort it.
SELECT set_config('mooc.month', $1 || '-01 00:00:00+00', true), set_config('work_mem', '256MB', true)
