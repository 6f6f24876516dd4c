SELECT s.subject, s.training, s.facts
  FROM gen_N.states s
 WHERE s.subject = ANY ($1::uuid[])
