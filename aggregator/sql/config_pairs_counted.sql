-- The same of what figures are counted with: trainings with their pass rules, waves, courses.
INSERT INTO config_pairs
WITH rules AS (
    SELECT is_new, training, position,
           concat_ws(', ', CASE WHEN by_platform THEN 'by platform' ELSE 'min_score ' || min_score END,
                     'min_progress ' || min_progress, CASE WHEN certificate THEN 'certificate required' END,
                     'attempt ' || attempt, 'waves ' || array_to_string(waves, ' '), 'from ' || valid_from, 'to ' || valid_to) AS rule
      FROM (SELECT false AS is_new, training, position, by_platform, min_score, min_progress, certificate, attempt, waves,
                   valid_from, valid_to
              FROM pulse.live_pass_rules
            UNION ALL
            SELECT true, training, position, by_platform, min_score, min_progress, certificate, attempt, waves, valid_from, valid_to
              FROM staged_pass_rules) r
), trainings AS (
    SELECT is_new, training AS code, to_jsonb(t) - 'is_new' - 'training'
           || coalesce((SELECT jsonb_object_agg('pass rule ' || position, rule)
                          FROM rules r WHERE r.training = t.training AND r.is_new = t.is_new), '{}') AS training
      FROM (SELECT false AS is_new, training, completion_min_progress, completion_by, completion_min_attendance,
                   deadline_working_days, lectures, lecture_minutes
              FROM pulse.live_trainings
            UNION ALL
            SELECT true, training, completion_min_progress, completion_by, completion_min_attendance, deadline_working_days,
                   lectures, lecture_minutes
              FROM staged_trainings) t
)
SELECT 10, 'training', code, old.training, new.training
  FROM (SELECT code, training FROM trainings WHERE NOT is_new) old
  FULL JOIN (SELECT code, training FROM trainings WHERE is_new) new USING (code)
UNION ALL
SELECT 11, 'wave', code, to_jsonb(old) - 'code', to_jsonb(new) - 'code'
  FROM (SELECT wave AS code, training, begins, ends, totals_only FROM pulse.live_waves) old
  FULL JOIN (SELECT wave AS code, training, begins, ends, totals_only FROM staged_waves) new USING (code)
UNION ALL
SELECT 12, 'course', code, to_jsonb(old) - 'code', to_jsonb(new) - 'code'
  FROM (SELECT source || ' ' || course AS code, training, exam, learning_shown FROM pulse.live_courses) old
  FULL JOIN (SELECT source || ' ' || course AS code, training, exam, learning_shown FROM staged_courses) new USING (code);
