-- The logins of BI tools, whose figures each sees and how many sessions it has.
SELECT l.login,
       format('%s sessions', (SELECT count(*) FROM pg_stat_activity a WHERE a.usename = l.login)),
       coalesce((SELECT string_agg(g.unit, ', ' ORDER BY g.unit) FROM pulse.bi_grants g WHERE g.login = l.login), 'all units')
  FROM pulse.bi_logins l
 ORDER BY l.login
