-- Facts observed on their own day, by five minutes of their time. Their rows have no unit: a sample of a unit says nothing of them.
CREATE TEMP TABLE verify_moments ON COMMIT DROP AS
SELECT training, wave, date_bin('5 minutes', event_time, timestamptz '1970-01-01 00:00:00Z') AS began_at, count(*) AS facts,
       count(DISTINCT person) AS learners, count(*) FILTER (WHERE sat) AS exams_sat, count(*) FILTER (WHERE sat AND ok) AS exams_passed
  FROM verify_facts
 WHERE own_day AND pg_temp.verify_wanted(training, '')
 GROUP BY 1, 2, 3;
SELECT pg_temp.verify_compare('activity by five minutes', '(SELECT * FROM gen_N.activity_5min WHERE pg_temp.verify_wanted(training, ''''))',
    'verify_moments', '{training,wave,began_at}', '{facts,learners,exams_sat,exams_passed}');
