-- The session that has been in the way for the longest, and how many others are.
SELECT pid, login, application, to_char(since AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'), count(*) OVER () - 1
  FROM pulse.sessions_in_the_way($1::integer) ORDER BY since, pid LIMIT 1
