-- $1: training. By which its deadlines are judged: lectures, today, today's number, and of each day from the first on the day due and its
-- number; and whether it is unknown who completed (1). Days since 1970; no rows without deadlines.
SELECT t.lectures, y.today - DATE '1970-01-01', (SELECT w.number FROM pulse.working_days w WHERE w.day = y.today),
       c.first - DATE '1970-01-01', n.due - DATE '1970-01-01', n.number, (a.has_completion IS NOT TRUE)::integer
  FROM pulse.live_trainings t
 CROSS JOIN pulse.today y
 CROSS JOIN (SELECT min(day) AS first, max(day) AS last FROM pulse.working_days) c
  JOIN pulse.days d ON d.day BETWEEN c.first AND c.last
  LEFT JOIN pulse.training_completion a ON a.training = t.training
  LEFT JOIN pulse.due_days n ON n.day_0 = d.day AND n.working_days = t.deadline_working_days
 WHERE t.training = $1 COLLATE "C" AND t.deadline_working_days > 0
 ORDER BY d.day
