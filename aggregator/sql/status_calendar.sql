-- The last day that the calendar covers (whole years) and how many days that is from today in Vietnam; no row where no training of the
-- live generation has a deadline, so that nobody needs it.
SELECT to_char(ends, 'DD/MM/YYYY'), ends - (clock_timestamp() AT TIME ZONE 'Asia/Ho_Chi_Minh')::date
  FROM (SELECT make_date(max(extract(year FROM day))::integer, 12, 31) AS ends FROM pulse.calendar) covered
 WHERE ends IS NOT NULL
   AND EXISTS (SELECT FROM pulse.live JOIN pulse.generations USING (generation) JOIN pulse.trainings USING (config_version)
                WHERE deadline_working_days IS NOT NULL)
