SELECT g.generation, g.fold_version, g.config_version
  FROM pulse.live l JOIN pulse.generations g USING (generation)
