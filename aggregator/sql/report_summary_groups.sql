-- $1: wave, $2: units or NULL. Its study groups, those of a unit together, the lowest rate first.
SELECT g.unit, g.study_group, g.registered, g.participated
  FROM bi.group_status g
 WHERE g.wave = $1 COLLATE "C" AND g.registered > 0 AND ($2::text[] IS NULL OR g.unit = ANY ($2::text[] COLLATE "C"))
 ORDER BY g.print_order NULLS LAST, g.unit_name, g.unit, g.participation_rate, g.group_order NULLS LAST, g.study_group
