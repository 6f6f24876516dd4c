-- Who is logged in: a login of BI tools, that reads schema bi alone?
SELECT current_user,
       coalesce(bool_or(pg_has_role(current_user, oid, 'MEMBER')) FILTER (WHERE rolname = 'mooc_bi'), false)
       AND NOT coalesce(bool_or(pg_has_role(current_user, oid, 'MEMBER')) FILTER (WHERE rolname = 'mooc_writer'), false)
  FROM pg_catalog.pg_roles
