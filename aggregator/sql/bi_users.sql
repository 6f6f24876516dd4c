-- The logins of BI tools and how many sessions each has.
SELECT r.rolname,
       format('%s sessions', (SELECT count(*) FROM pg_stat_activity a WHERE a.usename = r.rolname))
  FROM pg_auth_members m JOIN pg_roles r ON r.oid = m.member
 WHERE m.roleid = 'mooc_bi'::regrole AND r.rolcanlogin
 ORDER BY r.rolname
