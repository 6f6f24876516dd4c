-- Keys of which nothing is in force any more: $1 identifiers, $2 the names of who is meant, $3 who is found already. Where nobody in force
-- has a name, one of the former keys says which; others: that key is not the only one. From key to key an identifier leads under one
-- name, unless somebody who is in force carries it.
WITH RECURSIVE named AS MATERIALIZED (
    SELECT DISTINCT subject, name FROM pg_temp.erase_former WHERE identifier = ANY ($1::uuid[])
), first_named AS (
    SELECT subject FROM named WHERE name IS NOT NULL ORDER BY subject LIMIT 1
), reached AS (
    SELECT subject FROM named
     WHERE name IS NULL
        OR CASE WHEN cardinality($2::bigint[]) = 0 THEN subject = (SELECT subject FROM first_named) ELSE name = ANY ($2::bigint[]) END
     UNION
    SELECT n.subject
      FROM reached r
      JOIN pg_temp.erase_former o USING (subject)
      JOIN pg_temp.erase_former n ON n.identifier = o.identifier AND n.name = o.name
     WHERE o.identifier = ANY ($1::uuid[]) OR NOT EXISTS (SELECT FROM gen_N.carriers c WHERE c.identifier = o.identifier)
)
SELECT subject,
       EXISTS (SELECT FROM named n WHERE cardinality($2::bigint[]) = 0 AND n.name IS NOT NULL AND n.subject NOT IN (SELECT subject FROM reached)) AS others
  FROM reached
 WHERE subject <> ALL ($3::uuid[])
