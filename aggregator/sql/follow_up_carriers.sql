SELECT identifier, subject, on_roster, name, citizen FROM pulse.follow_up_carriers($1::uuid[])
