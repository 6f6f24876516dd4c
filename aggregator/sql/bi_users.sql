-- The logins of BI tools and how many sessions each has: members of mooc_bi and of nothing else. (From PostgreSQL 16 on, who
-- deployed the schema is a member too, to administer it.)
SELECT r.rolname,
       format('%s sessions', (SELECT count(*) FROM pg_stat_activity a WHERE a.usename = r.rolname))
  FROM pg_roles r
 WHERE r.rolcanlogin AND NOT r.rolsuper
   AND (SELECT array_agg(DISTINCT m.roleid) FROM pg_auth_members m WHERE m.member = r.oid) = ARRAY['mooc_bi'::regrole::oid]
 ORDER BY r.rolname
