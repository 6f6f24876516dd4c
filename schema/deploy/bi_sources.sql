-- Deploy mooc_pulse:bi_sources to pg
-- How far the figures reach, and what stands in their way.
BEGIN;
SET LOCAL ROLE mooc_owner;

CREATE VIEW bi.freshness AS
SELECT s.source, s.stream, count(*) AS substreams, count(s.through) AS substreams_complete,
       CASE WHEN count(s.through) = count(*) THEN min(s.through) END AS complete_through,
       now() - CASE WHEN count(s.through) = count(*) THEN min(s.through) END AS age,
       sum(s.records)::bigint AS records,
       -- What an operator set aside is in the sources' own counts still.
       greatest(sum(s.dead)::bigint - (SELECT count(*) FROM pulse.live_dead_letters d JOIN pulse.dead_dropped USING (entity, revision)
                                        WHERE d.in_force AND d.source = s.source AND d.stream = s.stream), 0) AS rejected_records,
       (SELECT max(o.log_time) FROM pulse.offsets o JOIN pulse.live USING (generation)
         WHERE o.topic IN (SELECT topic FROM archive.offsets)) AS folded_through
  FROM pulse.substreams s
 GROUP BY s.source, s.stream;

CREATE VIEW bi.training_freshness AS
SELECT s.training, coalesce(t.name_vi, s.training) COLLATE "vi-x-icu" AS training_name, s.source, s.stream, s.complete_through,
       now() - s.complete_through AS age,
       rank() OVER (PARTITION BY s.training ORDER BY s.complete_through NULLS FIRST) = 1 AS holds_back
  FROM pulse.training_streams s LEFT JOIN pulse.training_labels t USING (training);

SELECT pulse.show_figures('data_issues', 'unit or wave', $$
WITH stray AS (
    SELECT name FROM pulse.live_issues WHERE kind = 'account_not_on_roster' AND name <> 0
     GROUP BY name HAVING count(DISTINCT subject) = 1
), issue AS (
    SELECT kind, unit, wave, source, file, sheet, row_number, '' AS detail, 1 AS count
      FROM pulse.live_issues WHERE kind <> 'no_account'
    UNION ALL
    -- IS TRUE: looked up in a table made once, however many there are.
    SELECT 'account_under_other_email', i.unit, i.wave, i.source, i.file, i.sheet, i.row_number, '', 1
      FROM pulse.live_issues i WHERE i.kind = 'no_account' AND (i.name IN (SELECT s.name FROM stray s)) IS TRUE
    UNION ALL
    -- Reasons without words of their own are told in the detail.
    SELECT coalesce(k.kind, 'unreadable_record'), d.unit, d.wave, d.source, d.file, d.sheet, d.row_number,
           concat_ws(' ', CASE WHEN k.kind IS NULL THEN d.reason || ':' END, nullif(d.detail, ''),
                     CASE WHEN d.file = '' THEN format('(%s, partition %s, offset %s)', d.topic, d.partition, d."offset") END), 1
      FROM pulse.live_dead_letters d LEFT JOIN pulse.issue_kinds k ON k.kind = d.reason
     WHERE d.in_force AND NOT EXISTS (SELECT FROM pulse.dead_dropped x WHERE x.entity = d.entity AND x.revision = d.revision)
    UNION ALL
    SELECT kind || '_unknown', '', CASE WHEN kind = 'wave' THEN code ELSE '' END, source, '', '', 0, code, 1
      FROM pulse.live_unmapped
    UNION ALL
    -- People of a unit that ended and that no single unit took over: they count at it, and above it where its last line leads.
    SELECT CASE WHEN s.successors IS NULL THEN 'unit_ended' ELSE 'unit_split' END, p.unit, '', '', '', '', 0,
           coalesce(s.successors, ''), f.registered::integer
      FROM pulse.tree_versions v
      JOIN pulse.unit_paths p ON p.tree = v.tree AND p.version_from = v.version_from AND p.distance = 0
      JOIN pulse.units e ON e.unit = p.ancestor AND e.valid_to < (SELECT today FROM pulse.today)
      JOIN (SELECT unit, sum(registered) AS registered FROM pulse.live_tallies WHERE scope = 'all' GROUP BY unit) f
        ON f.unit = p.unit AND f.registered > 0
      LEFT JOIN LATERAL (SELECT string_agg(n.successor, ' | ' ORDER BY n.successor) AS successors
                           FROM pulse.unit_successors n WHERE n.unit = e.unit) s ON true
     WHERE v.tree = 'management' AND (SELECT today FROM pulse.today) BETWEEN v.version_from AND v.version_to
    UNION ALL
    SELECT 'calendar_not_covered', '', wave, '', '', '', 0, to_char(day, 'DD/MM/YYYY'), learners::integer FROM pulse.uncovered_deadlines
    UNION ALL
    SELECT 'staff_unknown', unit, wave, '', '', '', 0, target, 1 FROM pulse.worked_targets WHERE planned IS NULL
)
SELECT i.kind, coalesce(k.label_vi, i.kind) COLLATE "vi-x-icu" AS issue, coalesce(k.label_en, i.kind) AS issue_en,
       nullif(i.wave, '') AS wave, nullif(i.unit, '') AS unit, coalesce(u.name, nullif(i.unit, '')) COLLATE "vi-x-icu" AS unit_name,
       nullif(i.source, '') AS source, nullif(i.file, '') AS file, nullif(i.sheet, '') AS sheet,
       nullif(i.row_number, 0) AS "row", pulse.detail_vi(nullif(i.detail, '')) AS detail,
       nullif(i.detail, '') AS detail_en, i.count,
       coalesce(k.to_do_vi, 'Chuyển cho người quản trị hệ thống') COLLATE "vi-x-icu" AS to_do,
       coalesce(k.to_do_en, 'Give it to the operator') AS to_do_en, coalesce(k.for_unit, false) AS for_unit,
       coalesce(k.position, 1000) AS kind_order, coalesce(n.unit_path, nullif(i.unit, '')) COLLATE "vi-x-icu" AS unit_path,
       -- What is of no unit, or is found by comparing with other units' people, changes with any of them.
       greatest(CASE WHEN i.unit = '' OR i.kind = 'account_under_other_email' THEN (SELECT max(a.changed_at) FROM pulse.changed a)
                     ELSE c.changed_at END,
                (SELECT r.changed_at FROM pulse.raised r), (SELECT r.day_began FROM pulse.raised r)) AS changed_at
  FROM issue i
  LEFT JOIN pulse.issue_kinds k ON k.kind = i.kind
  LEFT JOIN pulse.units u ON u.unit = i.unit
  LEFT JOIN pulse.current_paths n ON n.unit = i.unit
  LEFT JOIN pulse.changed c ON c.training = '' AND c.unit = i.unit$$);

CREATE VIEW bi.generation AS
SELECT g.generation, g.fold_version, g.config_version, g.created_at, c.loaded_at AS config_loaded_at,
       (SELECT sum(o.next_offset)::bigint FROM pulse.offsets o WHERE o.generation = g.generation) AS records_counted,
       (SELECT t.today FROM pulse.today t) AS today, (SELECT max(v.version) FROM pulse.schema_version v) AS schema_version,
       -- Of who asks, and of nobody else.
       (SELECT string_agg(r.unit, ',' ORDER BY r.unit) FROM pulse.bi_grants r
         WHERE r.login = pulse.granted_login(current_user, session_user)::text COLLATE "C") AS reader_units
  FROM pulse.live JOIN pulse.generations g USING (generation) LEFT JOIN pulse.config_versions c USING (config_version);

-- As reports add up. Who ended stands under its one heir alone; who was split, or has none, stays under its last unit above.
CREATE FUNCTION bi.units_within(of_unit text) RETURNS TABLE (unit text) LANGUAGE sql STABLE AS $$
WITH RECURSIVE line AS (
    SELECT u.unit, CASE WHEN u.valid_to < (SELECT today FROM bi.generation) AND u.successor NOT LIKE '% | %' THEN u.successor ELSE u.parent END AS above
      FROM bi.units u
), within AS (
    SELECT u.unit FROM bi.units u WHERE u.unit = $1 COLLATE "C"
    UNION
    SELECT l.unit FROM within w JOIN line l ON l.above = w.unit
)
SELECT w.unit FROM within w
$$;
COMMENT ON FUNCTION bi.units_within IS 'Đơn vị và mọi đơn vị bên dưới theo cấp quản lý hôm nay / A unit and all below it by today''s line of management';
REVOKE ALL ON FUNCTION bi.units_within FROM PUBLIC;
GRANT EXECUTE ON FUNCTION bi.units_within TO mooc_bi, mooc_writer;

GRANT SELECT ON bi.freshness, bi.training_freshness, bi.generation TO mooc_bi, mooc_writer;

COMMIT;
