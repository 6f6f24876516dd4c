-- $1: wave or NULL, $2: training or NULL. The wave of that code, or all counted ones (of the training), with their names.
SELECT w.wave, w.wave_name, to_char(w.begins, 'DD/MM/YYYY'), to_char(w.ends, 'DD/MM/YYYY'), w.province, w.province_name, w.figures,
       w.training, w.training_name, coalesce(t.training_name_en, w.training_name)
  FROM bi.waves w LEFT JOIN bi.trainings t ON t.training = w.training
 WHERE CASE WHEN $1::text IS NULL THEN w.figures = 'counted' ELSE w.wave = $1 COLLATE "C" END
   AND ($2::text IS NULL OR w.training = $2 COLLATE "C")
 ORDER BY w.print_order NULLS LAST, w.wave
