-- Facts that are not in force connect nobody, and still name the person: rows that left a list, links taken back. Found by what is packed
-- in them: an identifier, and with it one of the names, if any is known; a link (kind 3) has no name.
SELECT DISTINCT s.subject
  FROM gen_N.states s
 WHERE EXISTS (SELECT FROM unnest($1::bytea[]) AS i (identifier) WHERE position(i.identifier IN s.facts) > 0)
   AND ((s.training = '' AND get_byte(s.facts, 3) = 3) OR cardinality($2::bytea[]) = 0
        OR EXISTS (SELECT FROM unnest($2::bytea[]) AS n (name) WHERE position(n.name IN s.facts) > 0))
   AND s.subject <> ALL ($3::uuid[])
   AND NOT EXISTS (SELECT FROM archive.erasures x WHERE x.subject = s.subject)
