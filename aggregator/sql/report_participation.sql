-- $1: wave, $2: its training, $3: units or NULL. Every unit's row in printed order, then, of all units, the training's row of people on no
-- roster (unit NULL).
SELECT unit, printed_name, planned, registered, accounts, activated, enrolled, participated, completed, sat, passed, failed,
       not_passed, certified, not_registered
  FROM (SELECT * FROM bi.participation
         WHERE training = $2 COLLATE "C" AND wave = $1 COLLATE "C" AND ($3::text[] IS NULL OR unit = ANY ($3::text[] COLLATE "C"))
        UNION ALL
        SELECT * FROM bi.participation WHERE training = $2 COLLATE "C" AND wave IS NULL AND $3::text[] IS NULL) units
 ORDER BY unit IS NULL, print_order NULLS LAST, printed_name, unit
