-- Who asks, and may they?
SELECT current_user, coalesce((SELECT pg_has_role(r.oid, 'USAGE') FROM pg_roles r WHERE r.rolname = 'mooc_follow_up'), false)
