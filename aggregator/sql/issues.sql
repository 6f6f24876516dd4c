-- $1: wave or NULL, $2: unit or NULL. The data issues, one row each; those without a wave belong to every wave whose learners are counted.
SELECT kind, issue, issue_en, wave, unit, unit_name, source, file, sheet, "row", detail, detail_en, to_do, to_do_en, for_unit, count
  FROM bi.data_issues
 WHERE ($1::text IS NULL OR wave = $1 COLLATE "C"
        OR wave IS NULL AND NOT EXISTS (SELECT FROM bi.waves p WHERE p.wave = $1 COLLATE "C" AND p.figures <> 'counted')) AND ($2::text IS NULL OR unit = $2 COLLATE "C")
 ORDER BY unit_name NULLS LAST, unit, kind_order, kind, file, sheet, "row", source, detail
