-- Is the erasure of any of these neither noted as handed over nor counted?
SELECT EXISTS (SELECT FROM unnest($1::uuid[]) AS s (subject)
                WHERE NOT EXISTS (SELECT FROM archive.erasures_asked a WHERE a.subject = s.subject)
                  AND NOT EXISTS (SELECT FROM archive.erasures e WHERE e.subject = s.subject))
