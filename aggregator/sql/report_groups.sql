-- $1: wave, $2: units or NULL. Every study group: units in printed order, the lowest participation first.
SELECT unit, printed_name, study_group, registered, participated
  FROM bi.group_status
 WHERE wave = $1 COLLATE "C" AND ($2::text[] IS NULL OR unit = ANY ($2::text[] COLLATE "C"))
 ORDER BY print_order NULLS LAST, printed_name, unit, participation_rate NULLS LAST, group_order NULLS LAST, study_group
