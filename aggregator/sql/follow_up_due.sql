SELECT day_0 - date '1970-01-01', due - date '1970-01-01' FROM pulse.follow_up_due($1::date[], $2::integer)
