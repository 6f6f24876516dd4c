-- Of who is who, and of what is held of each: how many rows of A and of B the other does not have.
SELECT 'states' AS table_name, count(*) FILTER (WHERE b.subject IS NULL OR a.facts <> b.facts),
       count(*) FILTER (WHERE a.subject IS NULL OR a.facts <> b.facts)
  FROM gen_A.states a FULL JOIN gen_B.states b USING (subject, training)
UNION ALL
SELECT 'members', count(*) FILTER (WHERE b.subject IS NULL OR a.person <> b.person),
       count(*) FILTER (WHERE a.subject IS NULL OR a.person <> b.person)
  FROM gen_A.members a FULL JOIN gen_B.members b USING (subject)
UNION ALL
SELECT 'carriers', count(*) FILTER (WHERE b.subject IS NULL OR (a.on_roster, a.name, a.citizen) IS DISTINCT FROM (b.on_roster, b.name, b.citizen)),
       count(*) FILTER (WHERE a.subject IS NULL OR (a.on_roster, a.name, a.citizen) IS DISTINCT FROM (b.on_roster, b.name, b.citizen))
  FROM gen_A.carriers a FULL JOIN gen_B.carriers b USING (identifier, subject)
