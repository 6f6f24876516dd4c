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

-- The sets of a person's facts that are counted by themselves, numbered: of a training, a wave, a platform, a course; and all.
CREATE TEMP TABLE verify_cells ON COMMIT DROP AS
SELECT row_number() OVER (ORDER BY scope, training, wave, platform, course)::integer AS cell, c.*
  FROM (SELECT 'all' COLLATE "C" AS scope, '' COLLATE "C" AS training, '' COLLATE "C" AS wave, '' COLLATE "C" AS platform, '' COLLATE "C" AS course
        UNION ALL SELECT 'training', training, '', '', '' FROM verify_trainings
        UNION ALL SELECT 'wave', training, wave, '', '' FROM verify_waves
        UNION ALL SELECT 'platform', training, '', platform, '' FROM verify_platforms
        UNION ALL SELECT 'course', training, '', source, course FROM verify_courses) c;
-- The kinds of facts that these sets tell apart, numbered; of attendance there is neither platform nor course.
CREATE TEMP TABLE verify_combinations ON COMMIT DROP AS
SELECT row_number() OVER ()::integer AS combination, training, w.wave, c.platform, c.course
  FROM (SELECT source AS platform, course, training FROM verify_courses UNION ALL SELECT '', '', training FROM verify_trainings) c
  JOIN (SELECT training, wave FROM verify_waves UNION ALL SELECT training, '' FROM verify_trainings) w USING (training);
-- Which sets each of them belongs to; a year has sets of its own in the training, by_year.
CREATE TEMP TABLE verify_spread ON COMMIT DROP AS
SELECT k.combination, c.cell, y.by_year
  FROM verify_combinations k
  JOIN verify_cells c ON c.training = k.training
                     AND (c.scope = 'training' OR c.scope = 'wave' AND c.wave = k.wave OR c.scope = 'platform' AND c.platform = k.platform
                          OR c.scope = 'course' AND c.platform = k.platform AND c.course = k.course)
  JOIN (VALUES (false), (true)) y (by_year) ON NOT y.by_year OR c.scope = 'training';
ANALYZE verify_trainings, verify_rules, verify_waves, verify_courses, verify_platforms, verify_cells, verify_combinations, verify_spread;
