SELECT generation FROM pulse.generations WHERE generation <> (SELECT generation FROM pulse.live) ORDER BY generation
