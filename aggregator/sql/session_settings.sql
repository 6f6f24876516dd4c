-- Of the writer's connections: its statements take arrays of thousands, which a plan made anew each time would look through.
SET plan_cache_mode = force_generic_plan
