SELECT subject FROM pulse.follow_up_named($1::bigint[])
