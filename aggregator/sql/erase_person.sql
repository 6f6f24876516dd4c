-- Whoever carries an identifier, or is the account that it names, with all who are the same person; and what kind of subject each is.
WITH direct AS (
    SELECT subject FROM gen_N.carriers WHERE identifier = ANY ($1::uuid[])
     UNION
    SELECT subject FROM gen_N.states WHERE subject = ANY ($1::uuid[])
), everyone AS (
    SELECT subject FROM direct
     UNION
    SELECT o.subject FROM direct d JOIN gen_N.members m USING (subject) JOIN gen_N.members o USING (person)
)
SELECT e.subject,
       CASE WHEN bool_or(c.on_roster) THEN 'listed'
            WHEN count(c.subject) = 0 OR bool_or(c.identifier = e.subject) THEN 'account'
            ELSE 'link' END,
       coalesce(m.person, e.subject)
  FROM everyone e
  LEFT JOIN gen_N.members m USING (subject)
  LEFT JOIN gen_N.carriers c ON c.subject = e.subject
 WHERE NOT EXISTS (SELECT FROM archive.erasures x WHERE x.subject = e.subject)
 GROUP BY e.subject, m.person
 ORDER BY e.subject
