-- What nobody else carries; and the names on these people's rows.
SELECT c.identifier, NULL::bigint
  FROM gen_N.carriers c
 WHERE c.subject = ANY ($1::uuid[])
   AND NOT EXISTS (SELECT FROM gen_N.carriers o WHERE o.identifier = c.identifier AND o.subject <> ALL ($1::uuid[]))
 UNION
SELECT NULL, name FROM gen_N.carriers WHERE subject = ANY ($1::uuid[]) AND on_roster AND name <> 0
