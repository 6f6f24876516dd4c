SELECT training, coalesce(completion_min_progress, -1), coalesce(completion_by, ''), coalesce(completion_min_attendance, 0),
       coalesce(deadline_working_days, 0), coalesce(lectures, 0), coalesce(lecture_minutes, 0)
  FROM pulse.trainings WHERE config_version = $1::integer ORDER BY training
