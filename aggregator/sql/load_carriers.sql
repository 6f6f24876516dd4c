-- Who else carries what these subjects ($1) carry, or one of the identifiers ($2).
SELECT c.identifier, c.subject, c.on_roster, c.name, c.citizen
  FROM (SELECT own.identifier FROM gen_N.carriers own WHERE own.subject = ANY ($1::uuid[])
         UNION
        SELECT unnest($2::uuid[])) AS i (identifier)
  JOIN gen_N.carriers c ON c.identifier = i.identifier
