-- $1: training, $2: wave, or NULL for all its counted waves. How many they are, from when to when (of one that goes on: to today), their
-- province if it is one, and the training's rule of passing in words, Vietnamese and English.
SELECT s.count, to_char(s.begins, 'DD/MM/YYYY'),
       to_char(CASE WHEN d.today BETWEEN s.begins AND s.ends THEN d.today ELSE s.ends END, 'DD/MM/YYYY'), s.province, s.province_name,
       t.pass_rules, t.pass_rules_en
  FROM (SELECT min(begins) AS begins, max(ends) AS ends, count(*),
               CASE WHEN count(DISTINCT province) = 1 THEN min(province) END AS province,
               CASE WHEN count(DISTINCT province) = 1 THEN min(province_name) END AS province_name
          FROM bi.waves
         WHERE training = $1 COLLATE "C" AND CASE WHEN $2::text IS NULL THEN figures = 'counted' ELSE wave = $2 COLLATE "C" END) s
 CROSS JOIN bi.generation d
  LEFT JOIN bi.trainings t ON t.training = $1 COLLATE "C"
