-- $1: training or NULL, $2: day, $3: wave or NULL. The waves whose learners are counted and that have begun by then.
SELECT w.wave FROM bi.waves w
 WHERE w.figures = 'counted' AND ($1::text IS NULL OR w.training = $1 COLLATE "C") AND ($3::text IS NULL OR w.wave = $3 COLLATE "C")
   AND (w.begins IS NULL OR w.begins <= $2::date)
 ORDER BY w.wave
