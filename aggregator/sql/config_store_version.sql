-- The newest config version gets the staged folder's trainings, waves and courses.
INSERT INTO pulse.trainings (config_version, training, completion_min_progress, completion_by, completion_min_attendance,
                             deadline_working_days, lectures, lecture_minutes)
SELECT (SELECT max(config_version) FROM pulse.config_versions), training, completion_min_progress, completion_by,
       completion_min_attendance, deadline_working_days, lectures, lecture_minutes
  FROM staged_trainings;
INSERT INTO pulse.pass_rules (config_version, training, position, by_platform, min_score, min_progress, certificate, attempt, waves,
                              valid_from, valid_to)
SELECT (SELECT max(config_version) FROM pulse.config_versions), training, position, by_platform, min_score, min_progress, certificate,
       attempt, waves, valid_from, valid_to
  FROM staged_pass_rules;
INSERT INTO pulse.waves (config_version, wave, training, begins, ends, totals_only)
SELECT (SELECT max(config_version) FROM pulse.config_versions), wave, training, begins, ends, totals_only FROM staged_waves;
INSERT INTO pulse.courses (config_version, source, course, training, exam, learning_shown)
SELECT (SELECT max(config_version) FROM pulse.config_versions), source, course, training, exam, learning_shown FROM staged_courses;
-- Of each version that figures may be counted with: who only replays with it adopts nothing.
DO $$ BEGIN PERFORM pulse.rebuild_plans(); END $$;
