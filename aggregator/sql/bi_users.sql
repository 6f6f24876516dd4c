-- The logins of BI tools, how many sessions each has and whose figures it sees (NULL: all).
SELECT l.login, (SELECT count(*) FROM pg_stat_activity a WHERE a.usename = l.login),
       (SELECT string_agg(g.unit, ', ' ORDER BY g.unit) FROM pulse.bi_grants g WHERE g.login = l.login)
  FROM pulse.bi_logins l
 ORDER BY l.login
