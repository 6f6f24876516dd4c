-- psql -v template=... -v copy=...: CREATE DATABASE ... TEMPLATE takes everything over but what is said of the database itself:
-- who may do what in it, and its settings.
SELECT format('REVOKE ALL ON DATABASE %I FROM PUBLIC', :'copy')
 WHERE EXISTS (SELECT FROM pg_database WHERE datname = :'template' AND datacl IS NOT NULL)
UNION ALL
SELECT format('GRANT %s ON DATABASE %I TO %s%s', privilege_type, :'copy',
              CASE grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(grantee)) END,
              CASE WHEN is_grantable THEN ' WITH GRANT OPTION' END)
  FROM pg_database, aclexplode(datacl)
 WHERE datname = :'template'
UNION ALL
SELECT format('ALTER DATABASE %I SET %I = %L', :'copy', split_part(setting, '=', 1), substr(setting, strpos(setting, '=') + 1))
  FROM pg_db_role_setting JOIN pg_database ON pg_database.oid = setdatabase, unnest(setconfig) setting
 WHERE datname = :'template' AND setrole = 0
\gexec
