-- $1: training. By which its deadlines are judged: lectures, today, today's number, and of each day from the first on the day due and its
-- number; and whether it is unknown who completed (1). Days since 1970; no rows without deadlines.
SELECT t.lectures, n.today - DATE '1970-01-01', n.today_number, n.first - DATE '1970-01-01',
       CASE WHEN isfinite(d.due) THEN d.due - DATE '1970-01-01' END, d.number,
       (a.has_completion IS NOT TRUE)::integer
  FROM pulse.live_trainings t
  LEFT JOIN pulse.training_completion a ON a.training = t.training
  JOIN pulse.due_arrays n ON n.working_days = t.deadline_working_days
 CROSS JOIN LATERAL unnest(n.due, n.number) WITH ORDINALITY AS d (due, number, at)
 WHERE t.training = $1 COLLATE "C"
 ORDER BY d.at
