DELETE FROM gen_N.carriers c
 USING unnest($1::uuid[], $2::uuid[]) AS gone (identifier, subject)
 WHERE c.identifier = gone.identifier AND c.subject = gone.subject
