-- Everybody who carries one of the identifiers ($2), or anything that one of the subjects ($1) carries.
SELECT DISTINCT c.subject
  FROM (SELECT own.identifier FROM gen_N.carriers own WHERE own.subject = ANY ($1::uuid[])
         UNION
        SELECT unnest($2::uuid[])) AS i (identifier)
  JOIN gen_N.carriers c ON c.identifier = i.identifier
