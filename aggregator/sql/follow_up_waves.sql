-- Waves of the live generation whose people are counted one by one.
SELECT w.wave, l.province, coalesce(l.name, w.wave)
  FROM pulse.live JOIN pulse.generations g USING (generation) JOIN pulse.waves w USING (config_version)
  LEFT JOIN pulse.wave_labels l USING (wave)
 WHERE NOT w.totals_only ORDER BY w.wave
