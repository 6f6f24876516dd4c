-- Listed people by day 0 (the later of account issue, enrolment and the wave's begin), day completed and lectures done.
CREATE TEMP TABLE verify_deadlines ON COMMIT DROP AS
SELECT training, wave, unit, day_0, completed_on,
       CASE WHEN completed_on = 'infinity' THEN floor(coalesce(progress, 0) * coalesce(lectures, 0) + pg_temp.verify_slack()) ELSE 0 END::smallint AS lectures,
       count(*) AS learners
  FROM (SELECT w.training, w.wave, w.unit, t.lectures, o.progress,
               CASE WHEN issued.day IS NULL THEN 'infinity' ELSE date '1970-01-01' + greatest(issued.day, o.enrolled_on, v.begins) END AS day_0,
               coalesce(date '1970-01-01' + o.completed_on, 'infinity') AS completed_on
          FROM verify_person_waves w
          JOIN verify_trainings t USING (training)
          JOIN verify_waves v ON v.wave = w.wave
          LEFT JOIN verify_of_wave o ON o.person = w.person AND o.training = w.training AND o.wave = w.wave
          LEFT JOIN (SELECT person, min(day) AS day FROM verify_accounts WHERE open GROUP BY person) anywhere ON anywhere.person = w.person
          LEFT JOIN (SELECT a.person, p.training, min(a.day) AS day
                       FROM verify_accounts a JOIN verify_platforms p USING (platform) WHERE a.open GROUP BY a.person, p.training) here
                 ON here.person = w.person AND here.training = w.training
          LEFT JOIN verify_of_training seen ON seen.person = w.person AND seen.training = w.training
         CROSS JOIN LATERAL (SELECT coalesce(here.day, anywhere.day, seen.first_on) AS day) issued
         WHERE t.deadline_working_days IS NOT NULL AND pg_temp.verify_wanted(w.training, w.unit)) d
 GROUP BY 1, 2, 3, 4, 5, 6;
SELECT pg_temp.verify_compare('deadlines', '(SELECT * FROM gen_N.deadlines WHERE pg_temp.verify_wanted(training, unit))', 'verify_deadlines',
    '{training,wave,unit,day_0,completed_on,lectures}', '{learners}');
