DELETE FROM gen_N.states s
 USING unnest($1::uuid[], $2::text[]) AS v (subject, training)
 WHERE s.subject = v.subject AND s.training = v.training
