-- Waves of the live generation whose people are counted one by one, and whether it is known who completed.
SELECT w.wave, l.province, coalesce(l.name, w.wave), coalesce(c.has_completion, false)
  FROM pulse.live JOIN pulse.generations g USING (generation) JOIN pulse.waves w USING (config_version)
  LEFT JOIN pulse.wave_labels l USING (wave)
  LEFT JOIN pulse.training_completion c ON c.training = w.training
 WHERE NOT w.totals_only ORDER BY w.wave
