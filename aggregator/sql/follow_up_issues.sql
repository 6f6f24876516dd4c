SELECT subject, unit, kind FROM pulse.follow_up_issues($1::uuid[], $2::text)
