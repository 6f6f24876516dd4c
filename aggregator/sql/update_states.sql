UPDATE gen_N.states s
   SET facts = v.facts
  FROM unnest($1::uuid[], $2::text[], $3::bytea[]) AS v (subject, training, facts)
 WHERE s.subject = v.subject AND s.training = v.training
