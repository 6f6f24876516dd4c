-- The generation's config, days counted from 1970-01-01; an open begin or end lies beyond every day.
CREATE TEMP TABLE verify_trainings ON COMMIT DROP AS
SELECT training, completion_min_progress, completion_by, completion_min_attendance, deadline_working_days, lectures, lecture_minutes
  FROM pulse.trainings WHERE config_version = current_setting('verify.config_version')::integer;
CREATE TEMP TABLE verify_rules ON COMMIT DROP AS
SELECT training, position, by_platform, min_score, min_progress, certificate, attempt, waves,
       coalesce(valid_from - date '1970-01-01', -1000000) AS first, coalesce(valid_to - date '1970-01-01', 100000000) AS last
  FROM pulse.pass_rules WHERE config_version = current_setting('verify.config_version')::integer;
CREATE TEMP TABLE verify_waves ON COMMIT DROP AS
SELECT wave, training, begins - date '1970-01-01' AS begins, coalesce(begins - date '1970-01-01', -1000000) AS first,
       coalesce(ends - date '1970-01-01', 100000000) AS last, extract(year FROM begins)::integer AS year
  FROM pulse.waves WHERE config_version = current_setting('verify.config_version')::integer;
CREATE TEMP TABLE verify_courses ON COMMIT DROP AS
SELECT source, course, training, learning_shown
  FROM pulse.courses WHERE config_version = current_setting('verify.config_version')::integer;
CREATE TEMP TABLE verify_platforms ON COMMIT DROP AS
SELECT DISTINCT source AS platform, training FROM verify_courses;
ANALYZE verify_trainings, verify_rules, verify_waves, verify_courses, verify_platforms;
