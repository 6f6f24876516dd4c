-- $1: wave, or NULL for the training as a whole, each person once; $2: training, $3: units or NULL. The units that sent a list, by their
-- official names.
SELECT p.unit, p.unit_name, p.unit_kind, p.registered, p.accounts, p.participated, p.sat, p.passed, p.certified
  FROM (SELECT unit, unit_name, unit_kind, print_order, registered, accounts, participated, sat, passed, certified
          FROM bi.participation WHERE training = $2 COLLATE "C" AND wave = $1 COLLATE "C"
        UNION ALL
        SELECT unit, unit_name, unit_kind, print_order, registered, accounts, participated, sat, passed, certified
          FROM bi.participation_training WHERE training = $2 COLLATE "C" AND unit IS NOT NULL AND $1::text IS NULL) p
 WHERE p.registered > 0 AND ($3::text[] IS NULL OR p.unit = ANY ($3::text[] COLLATE "C"))
 ORDER BY p.print_order NULLS LAST, p.unit_name, p.unit
