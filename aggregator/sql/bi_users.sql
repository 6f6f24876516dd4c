-- The logins of BI tools, whose figures each sees and how many sessions it has: members of mooc_bi and of nothing else. (From
-- PostgreSQL 16 on, who deployed the schema is a member too, to administer it.)
SELECT r.rolname,
       format('%s sessions', (SELECT count(*) FROM pg_stat_activity a WHERE a.usename = r.rolname)),
       coalesce((SELECT string_agg(g.unit, ', ' ORDER BY g.unit) FROM pulse.bi_grants g WHERE g.login = r.rolname), 'all units')
  FROM pg_roles r
 WHERE r.rolcanlogin AND NOT r.rolsuper
   AND (SELECT array_agg(DISTINCT m.roleid) FROM pg_auth_members m WHERE m.member = r.oid) = ARRAY['mooc_bi'::regrole::oid]
 ORDER BY r.rolname
