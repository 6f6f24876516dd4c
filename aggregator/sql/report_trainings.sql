-- $1: training or NULL. That training, or all of them, with their names in Vietnamese and English.
SELECT training, training_name, training_name_en
  FROM bi.trainings
 WHERE $1::text IS NULL OR training = $1 COLLATE "C"
 ORDER BY training
