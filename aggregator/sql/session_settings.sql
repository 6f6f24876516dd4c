-- Of the writer's connections. Their statements take arrays of many thousand keys: a plan made anew each time would look through them,
-- unnest would write them to a file beyond this memory, and a plan made while a table was small would read all of it for ever.
-- Between the statements of a transaction no time passes, but in a process that was stopped there: it must not go on holding rows.
SELECT set_config('plan_cache_mode', 'force_generic_plan', false), set_config('work_mem', '64MB', false),
       set_config('enable_seqscan', 'off', false), set_config('enable_hashjoin', 'off', false),
       set_config('enable_mergejoin', 'off', false),
       set_config('idle_in_transaction_session_timeout', '3s', false)
