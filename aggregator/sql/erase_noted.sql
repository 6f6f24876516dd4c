SELECT EXISTS (SELECT FROM pulse.audit WHERE action = 'erase' AND detail ->> 'job' = $1)
