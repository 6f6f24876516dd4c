-- The next rows of the states in the order of their key, after $1, $2.
SELECT subject, training, facts
  FROM gen_N.states
 WHERE (subject, training) > ($1, $2) AND (pg_temp.verify_whole() OR subject IN (SELECT subject FROM verify_people))
 ORDER BY subject, training
 LIMIT 5000
