SELECT person, subject, training, facts FROM pulse.follow_up_people($1::uuid[])
