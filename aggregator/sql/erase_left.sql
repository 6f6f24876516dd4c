-- What a generation still has of them.
SELECT (SELECT count(*) FROM gen_N.states s
         WHERE s.subject = ANY ($1::uuid[]) AND (s.training <> '' OR get_byte(s.facts, 3) <> 9))
     + (SELECT count(*) FROM gen_N.carriers WHERE subject = ANY ($1::uuid[]))
     + (SELECT count(*) FROM gen_N.members WHERE subject = ANY ($1::uuid[]))
     + (SELECT count(*) FROM gen_N.issues WHERE subject = ANY ($1::uuid[]))
