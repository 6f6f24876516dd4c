-- $1: training or NULL, $2: wave or NULL, $3: units or NULL. How many faults of each kind a unit has, and what is to be done; those without a
-- wave belong to every wave whose learners are counted.
SELECT i.kind, i.issue, i.issue_en, i.unit, i.unit_name, sum(i.count)::bigint, i.to_do, i.to_do_en, i.for_unit
  FROM bi.data_issues i LEFT JOIN bi.waves w ON w.wave = i.wave
 WHERE ($1::text IS NULL OR i.wave IS NULL OR w.training = $1 COLLATE "C") AND ($2::text IS NULL OR i.wave = $2 COLLATE "C"
        OR i.wave IS NULL AND NOT EXISTS (SELECT FROM bi.waves p WHERE p.wave = $2 COLLATE "C" AND p.figures <> 'counted'))
   AND ($3::text[] IS NULL OR i.unit = ANY ($3::text[] COLLATE "C"))
 GROUP BY i.kind, i.issue, i.issue_en, i.unit, i.unit_name, i.to_do, i.to_do_en, i.for_unit, i.kind_order
 ORDER BY NOT i.for_unit, i.unit_name NULLS LAST, i.unit, i.kind_order, i.kind
