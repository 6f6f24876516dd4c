-- $1: wave, or NULL for the only counted one. The wave of a report with its names.
SELECT w.wave, w.wave_name, w.training, w.training_name, w.province_name, to_char(w.begins, 'DD/MM/YYYY'),
       to_char(w.ends, 'DD/MM/YYYY'), w.figures
  FROM bi.waves w
 WHERE CASE WHEN $1::text IS NULL THEN w.figures = 'counted' ELSE w.wave = $1 COLLATE "C" END
 ORDER BY w.wave
