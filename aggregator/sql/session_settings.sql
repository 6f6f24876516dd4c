-- Of the writer's connections: their statements take arrays of many thousand elements, which a plan made anew each time would look
-- through, and which unnest would write to a file beyond this memory.
SELECT set_config('plan_cache_mode', 'force_generic_plan', false), set_config('work_mem', '64MB', false)
