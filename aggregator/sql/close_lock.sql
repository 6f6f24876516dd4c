-- $1: document. Whoever closes it at the same time waits for what becomes of this.
SELECT pg_advisory_xact_lock(hashtext('mooc closing of ' || $1))
