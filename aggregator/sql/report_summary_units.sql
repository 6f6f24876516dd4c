-- $1: wave, $2: its training, $3: units or NULL. The units that sent a list, as text writes of them: official name, kind, and the province's name.
SELECT p.unit, p.unit_name, p.unit_kind, p.province_name, p.registered, p.accounts, p.participated, p.sat, p.passed, p.certified
  FROM bi.participation p
 WHERE p.training = $2 COLLATE "C" AND p.wave = $1 COLLATE "C" AND p.registered > 0
   AND ($3::text[] IS NULL OR p.unit = ANY ($3::text[] COLLATE "C"))
 ORDER BY p.print_order NULLS LAST, p.unit_name, p.unit
