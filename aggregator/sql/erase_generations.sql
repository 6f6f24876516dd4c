SELECT generation, generation = (SELECT generation FROM pulse.live) FROM pulse.generations ORDER BY generation
