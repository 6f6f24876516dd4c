-- $1: training. The working days that a learner has, the lectures to be done, the day it is, and whether it is known who completed.
SELECT t.deadline_working_days, t.lectures, to_char(d.today, 'DD/MM/YYYY'),
       EXISTS (SELECT FROM bi.participation_training p WHERE p.training = $1 COLLATE "C" AND p.completed IS NOT NULL)
  FROM (SELECT today FROM bi.generation) d LEFT JOIN bi.trainings t ON t.training = $1 COLLATE "C"
