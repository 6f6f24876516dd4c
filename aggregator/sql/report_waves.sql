-- $1: training or NULL. All its waves, or those of all trainings: those whose learners are counted, then those with published totals
-- only; the latest first.
SELECT wave, wave_name, figures = 'counted'
  FROM bi.waves
 WHERE $1::text IS NULL OR training = $1 COLLATE "C"
 ORDER BY figures = 'counted' DESC, begins DESC NULLS LAST, print_order NULLS LAST, wave
