SELECT source FROM pulse.follow_up_platforms($1::text)
