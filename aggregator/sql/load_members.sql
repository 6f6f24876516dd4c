-- The whole persons of these subjects, as far as they are linked.
SELECT m.subject, m.person
  FROM gen_N.members m
 WHERE m.person IN (SELECT own.person FROM gen_N.members own WHERE own.subject = ANY ($1::uuid[]))
