-- $1: training. The working days that a learner has, the lectures to be done, and the day it is.
SELECT t.deadline_working_days, t.lectures, to_char(d.today, 'DD/MM/YYYY')
  FROM (SELECT today FROM bi.generation) d LEFT JOIN bi.trainings t ON t.training = $1 COLLATE "C"
