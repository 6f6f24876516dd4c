-- Deploy mooc_pulse:bi to pg
-- What BI tools read: views only. Rates are exact fractions of 1 (numeric, never rounded twice): round(100 * rate, 1) gives
-- the printed percentage. Names carry the collation vi-x-icu, so ORDER BY a name sorts as Vietnamese does.
BEGIN;

-- The views are wide and their results small: compiling their expressions takes seconds and saves milliseconds.
DO $$
BEGIN
    EXECUTE format('ALTER DATABASE %I SET jit = off', current_database());
EXCEPTION WHEN insufficient_privilege THEN
    RAISE NOTICE 'jit stays as it is: only the owner of the database may turn it off';
END $$;

CREATE SCHEMA bi AUTHORIZATION mooc_owner;
SET LOCAL ROLE mooc_owner;

-- Dimensions -------------------------------------------------------------------------------------------------------------

CREATE VIEW bi.units AS
SELECT u.unit, u.name COLLATE "vi-x-icu" AS unit_name, u.printed_name COLLATE "vi-x-icu" AS printed_name,
       u.kind AS unit_kind, u.parent, u.territory, u.print_order, u.valid_from, u.valid_to,
       (SELECT string_agg(s.successor, ' | ' ORDER BY s.successor) FROM pulse.unit_successors s WHERE s.unit = u.unit) AS successor,
       (SELECT string_agg(a.alias, ' | ' ORDER BY a.alias COLLATE "vi-x-icu") FROM pulse.unit_aliases a WHERE a.unit = u.unit)
           COLLATE "vi-x-icu" AS aliases
  FROM pulse.units u;

CREATE VIEW bi.trainings AS
SELECT t.training, coalesce(l.name_vi, t.training) COLLATE "vi-x-icu" AS training_name,
       coalesce(l.name_en, t.training) AS training_name_en,
       r.by_platform AS pass_by_platform, r.min_score::numeric AS pass_min_score,
       t.completion_min_progress::numeric AS completion_min_progress
  FROM pulse.live_trainings t LEFT JOIN pulse.training_labels l USING (training)
  LEFT JOIN pulse.live_pass_rules r ON r.training = t.training AND r.position = 1;

CREATE VIEW bi.waves AS
SELECT w.wave, coalesce(l.name, w.wave) COLLATE "vi-x-icu" AS wave_name,
       coalesce(l.printed_name, w.wave) COLLATE "vi-x-icu" AS printed_name,
       w.training, t.training_name, l.province, coalesce(p.name, l.province) COLLATE "vi-x-icu" AS province_name,
       w.begins, w.ends, CASE WHEN w.totals_only THEN 'published' ELSE 'counted' END AS figures, l.print_order
  FROM pulse.live_waves w
  LEFT JOIN pulse.wave_labels l USING (wave)
  LEFT JOIN bi.trainings t ON t.training = w.training
  LEFT JOIN pulse.units p ON p.unit = l.province;

CREATE VIEW bi.groups AS
SELECT t.training, t.wave, t.unit, coalesce(u.name, t.unit) COLLATE "vi-x-icu" AS unit_name, t.study_group,
       nullif(regexp_replace(t.study_group, '[^0-9]', '', 'g'), '')::numeric AS group_order
  FROM pulse.live_tallies t LEFT JOIN pulse.units u USING (unit)
 WHERE t.scope = 'wave' AND t.unit <> '' AND t.study_group <> '';

-- People -----------------------------------------------------------------------------------------------------------------

CREATE VIEW bi.participation AS
SELECT m.training, t.training_name, m.wave, w.wave_name, w.province, w.province_name, w.begins, w.ends,
       m.unit,
       coalesce(u.name, m.unit, 'Ngoài danh sách') COLLATE "vi-x-icu" AS unit_name,
       coalesce(u.printed_name, m.unit, 'Ngoài danh sách') COLLATE "vi-x-icu" AS printed_name,
       u.kind AS unit_kind, u.print_order, coalesce(m.registered, 0) > 0 AS list_received,
       m.planned, m.registered, m.accounts, m.activated, m.enrolled, m.participated, m.completed, m.sat, m.passed, m.failed,
       m.not_passed, m.certified, m.not_registered,
       m.account_rate, m.participation_rate, m.completion_rate, m.pass_rate_registered, m.pass_rate_participants,
       m.pass_rate_accounts, m.certification_rate, m.plan_rate
  FROM (SELECT training, wave, unit, planned, registered, accounts, activated, enrolled, participated, completed, sat, passed, failed,
             not_passed, certified, not_registered, account_rate, participation_rate, completion_rate, pass_rate_registered,
             pass_rate_participants, pass_rate_accounts, certification_rate, plan_rate
          FROM pulse.rated_measures WHERE scope = 'wave' AND unit <> ''
        UNION ALL
        -- Who is on no roster is in no wave: the training has their row.
        SELECT training, NULL, NULL, planned, registered, accounts, activated, enrolled, participated, completed, sat, passed, failed,
             not_passed, certified, not_registered, account_rate, participation_rate, completion_rate, pass_rate_registered,
             pass_rate_participants, pass_rate_accounts, certification_rate, plan_rate
          FROM pulse.rated_measures WHERE scope = 'training' AND unit = '') m
  LEFT JOIN bi.trainings t ON t.training = m.training
  LEFT JOIN bi.waves w ON w.wave = m.wave
  LEFT JOIN pulse.units u ON u.unit = m.unit;

CREATE VIEW bi.participation_training AS
SELECT m.training, t.training_name, nullif(m.unit, '') AS unit,
       CASE WHEN m.unit = '' THEN 'Ngoài danh sách' ELSE coalesce(u.name, m.unit) END COLLATE "vi-x-icu" AS unit_name,
       u.kind AS unit_kind, u.print_order, coalesce(m.registered, 0) > 0 AS list_received,
       m.planned, m.registered, m.accounts, m.activated, m.enrolled, m.participated, m.completed, m.sat, m.passed, m.failed,
       m.not_passed, m.certified, m.not_registered,
       m.account_rate, m.participation_rate, m.completion_rate, m.pass_rate_registered, m.pass_rate_participants,
       m.pass_rate_accounts, m.certification_rate, m.plan_rate
  FROM pulse.rated_measures m
  LEFT JOIN bi.trainings t ON t.training = m.training
  LEFT JOIN pulse.units u ON u.unit = m.unit
 WHERE m.scope = 'training';

CREATE VIEW bi.participation_all AS
SELECT nullif(m.unit, '') AS unit,
       CASE WHEN m.unit = '' THEN 'Ngoài danh sách' ELSE coalesce(u.name, m.unit) END COLLATE "vi-x-icu" AS unit_name,
       u.kind AS unit_kind, u.print_order, coalesce(m.registered, 0) > 0 AS list_received,
       m.planned, m.registered, m.accounts, m.activated, m.enrolled, m.participated, m.completed, m.sat, m.passed, m.failed,
       m.not_passed, m.certified, m.not_registered,
       m.account_rate, m.participation_rate, m.completion_rate, m.pass_rate_registered, m.pass_rate_participants,
       m.pass_rate_accounts, m.certification_rate, m.plan_rate
  FROM pulse.rated_measures m
  LEFT JOIN pulse.units u ON u.unit = m.unit
 WHERE m.scope = 'all';

CREATE VIEW bi.participation_year AS
SELECT m.year, nullif(m.unit, '') AS unit,
       CASE WHEN m.unit = '' THEN 'Ngoài danh sách' ELSE coalesce(u.name, m.unit) END COLLATE "vi-x-icu" AS unit_name,
       u.kind AS unit_kind, u.print_order, coalesce(m.registered, 0) > 0 AS list_received,
       m.planned, m.registered, m.accounts, m.activated, m.enrolled, m.participated, m.completed, m.sat, m.passed, m.failed,
       m.not_passed, m.certified, m.not_registered,
       m.account_rate, m.participation_rate, m.completion_rate, m.pass_rate_registered, m.pass_rate_participants,
       m.pass_rate_accounts, m.certification_rate, m.plan_rate
  FROM pulse.rated_measures m
  LEFT JOIN pulse.units u ON u.unit = m.unit
 WHERE m.scope = 'year';

CREATE VIEW bi.group_status AS
SELECT g.training, w.training_name, g.wave, w.wave_name, g.unit, coalesce(u.name, g.unit) COLLATE "vi-x-icu" AS unit_name,
       coalesce(u.printed_name, g.unit) COLLATE "vi-x-icu" AS printed_name, u.print_order, g.study_group,
       nullif(regexp_replace(g.study_group, '[^0-9]', '', 'g'), '')::numeric AS group_order,
       g.registered, g.accounts, g.activated, g.enrolled, g.participated, g.completed, g.sat, g.passed, g.failed,
       g.not_passed, g.certified,
       g.account_rate, g.participation_rate, g.completion_rate, g.pass_rate_registered, g.pass_rate_participants,
       g.pass_rate_accounts, g.certification_rate
  FROM pulse.rated_groups g
  LEFT JOIN bi.waves w ON w.wave = g.wave
  LEFT JOIN pulse.units u ON u.unit = g.unit;

CREATE VIEW bi.unit_rollup AS
SELECT s.tree, s.training, w.training_name, s.wave, w.wave_name, s.unit, coalesce(u.name, s.unit) COLLATE "vi-x-icu" AS unit_name,
       u.kind AS unit_kind, s.above AS parent, s.level, u.print_order,
       s.planned, s.registered, s.accounts, s.activated, s.enrolled, s.participated, s.completed, s.sat, s.passed, s.failed,
       s.not_passed, s.certified,
       s.account_rate, s.participation_rate, s.completion_rate, s.pass_rate_registered, s.pass_rate_participants,
       s.pass_rate_accounts, s.certification_rate, s.plan_rate
  FROM pulse.rated_subtrees s
  LEFT JOIN bi.waves w ON w.wave = s.wave
  LEFT JOIN pulse.units u ON u.unit = s.unit;

-- Published totals and the ranking -----------------------------------------------------------------------------------------

CREATE VIEW bi.published_totals AS
SELECT w.training, t.wave, coalesce(w.wave_name, t.wave) COLLATE "vi-x-icu" AS wave_name, w.province, w.province_name,
       t.registered, t.passed, t.passed::numeric / nullif(t.registered, 0) AS pass_rate_registered,
       t.event_time AS published_at, t.source, t.file, t.sheet, nullif(t.row_number, 0) AS "row",
       row_number() OVER (PARTITION BY t.wave ORDER BY t.event_time DESC, t.revision DESC, t.data_hash DESC, t.entity) = 1
           AS is_current
  FROM pulse.live_totals t LEFT JOIN bi.waves w USING (wave)
 WHERE t.in_force;

CREATE VIEW bi.province_ranking AS
WITH counted AS (
    SELECT wave, sum(registered)::bigint AS registered, sum(sat)::bigint AS sat, sum(passed)::bigint AS passed
      FROM pulse.measures WHERE scope = 'wave' AND unit <> '' GROUP BY wave
), figure AS (
    SELECT w.*, CASE WHEN w.figures = 'published' THEN p.registered ELSE nullif(c.registered, 0) END AS registered,
           CASE WHEN w.figures = 'published' THEN p.passed WHEN c.sat > 0 OR c.passed > 0 THEN c.passed END AS passed
      FROM bi.waves w
      LEFT JOIN counted c ON c.wave = w.wave
      LEFT JOIN bi.published_totals p ON p.wave = w.wave AND p.is_current
), rated AS (
    -- Thirty decimals tell any two fractions of people apart, and give equal ones the same value.
    SELECT f.*, round(f.passed::numeric(50, 30) / nullif(f.registered, 0), 30) AS exact_rate FROM figure f
), province AS (
    SELECT training, province, sum(registered)::bigint AS registered,
           rank() OVER (PARTITION BY training ORDER BY sum(registered) DESC) AS rank,
           count(*) OVER (PARTITION BY training) AS provinces
      FROM figure WHERE province IS NOT NULL AND registered IS NOT NULL
     GROUP BY training, province
)
SELECT r.training, r.training_name,
       row_number() OVER (PARTITION BY r.training ORDER BY r.exact_rate DESC NULLS LAST, r.registered DESC NULLS LAST,
                          r.printed_name, r.wave) AS "position",
       r.province, r.province_name, r.wave, r.wave_name, r.printed_name, r.figures AS source, r.registered, r.passed,
       r.passed::numeric / nullif(r.registered, 0) AS pass_rate_registered,
       CASE WHEN r.exact_rate IS NOT NULL
            THEN rank() OVER (PARTITION BY r.training ORDER BY r.exact_rate DESC NULLS LAST) END AS rank_pass_rate,
       CASE WHEN r.registered IS NOT NULL
            THEN rank() OVER (PARTITION BY r.training ORDER BY r.registered DESC NULLS LAST) END AS rank_registered,
       p.registered AS province_registered, p.rank AS province_rank_registered, p.provinces
  FROM rated r LEFT JOIN province p ON p.training = r.training AND p.province = r.province;

-- How far, how good ------------------------------------------------------------------------------------------------------

CREATE VIEW bi.freshness AS
WITH partition_count AS (
    SELECT count(*) AS partitions, max(log_time) AS folded_through
      FROM pulse.offsets o JOIN pulse.live USING (generation)
     WHERE o.topic IN (SELECT topic FROM archive.offsets)
), substream AS (
    -- A sub-stream that has not reached every partition is not complete through anything.
    SELECT source, stream, substream, CASE WHEN count(*) >= (SELECT partitions FROM partition_count) THEN min(through) END AS through,
           max(records) AS records, max(dead) AS dead
      FROM pulse.live_marks GROUP BY source, stream, substream
)
SELECT s.source, s.stream, count(*) AS substreams, count(s.through) AS substreams_complete,
       CASE WHEN count(s.through) = count(*) THEN min(s.through) END AS complete_through,
       now() - CASE WHEN count(s.through) = count(*) THEN min(s.through) END AS age,
       sum(s.records)::bigint AS records, sum(s.dead)::bigint AS rejected_records,
       p.folded_through
  FROM substream s CROSS JOIN partition_count p
 GROUP BY s.source, s.stream, p.folded_through;

CREATE VIEW bi.data_issues AS
WITH stray AS (
    SELECT name FROM pulse.live_issues WHERE kind = 'account_not_on_roster' AND name <> 0
     GROUP BY name HAVING count(DISTINCT subject) = 1
), issue AS (
    SELECT kind, unit, wave, source, file, sheet, row_number, '' AS detail
      FROM pulse.live_issues WHERE kind <> 'no_account'
    UNION ALL
    SELECT 'account_under_other_email', i.unit, i.wave, i.source, i.file, i.sheet, i.row_number, ''
      FROM pulse.live_issues i JOIN stray USING (name) WHERE i.kind = 'no_account'
    UNION ALL
    -- Reasons without words of their own are told in the detail.
    SELECT coalesce(k.kind, 'unreadable_record'), d.unit, d.wave, d.source, d.file, d.sheet, d.row_number,
           concat_ws(' ', CASE WHEN k.kind IS NULL THEN d.reason || ':' END, nullif(d.detail, ''),
                     CASE WHEN d.file = '' THEN format('(%s, partition %s, offset %s)', d.topic, d.partition, d."offset") END)
      FROM pulse.live_dead_letters d LEFT JOIN pulse.issue_kinds k ON k.kind = d.reason WHERE d.in_force
    UNION ALL
    SELECT kind || '_unknown', '', CASE WHEN kind = 'wave' THEN code ELSE '' END, source, '', '', 0, code
      FROM pulse.live_unmapped
)
SELECT i.kind, coalesce(k.label_vi, i.kind) COLLATE "vi-x-icu" AS issue, coalesce(k.label_en, i.kind) AS issue_en,
       nullif(i.wave, '') AS wave, nullif(i.unit, '') AS unit, coalesce(u.name, nullif(i.unit, '')) COLLATE "vi-x-icu" AS unit_name,
       nullif(i.source, '') AS source, nullif(i.file, '') AS file, nullif(i.sheet, '') AS sheet,
       nullif(i.row_number, 0) AS "row", nullif(i.detail, '') AS detail, 1 AS count,
       coalesce(k.to_do_vi, 'Chuyển cho người quản trị hệ thống') COLLATE "vi-x-icu" AS to_do,
       coalesce(k.to_do_en, 'Give it to the operator') AS to_do_en, coalesce(k.for_unit, false) AS for_unit,
       coalesce(k.position, 1000) AS kind_order
  FROM issue i
  LEFT JOIN pulse.issue_kinds k ON k.kind = i.kind
  LEFT JOIN pulse.units u ON u.unit = i.unit;

CREATE VIEW bi.generation AS
SELECT g.generation, g.fold_version, g.config_version, g.created_at, c.loaded_at AS config_loaded_at,
       (SELECT sum(o.next_offset)::bigint FROM pulse.offsets o WHERE o.generation = g.generation) AS records_counted
  FROM pulse.live JOIN pulse.generations g USING (generation) LEFT JOIN pulse.config_versions c USING (config_version);

GRANT USAGE ON SCHEMA bi TO mooc_bi, mooc_writer;
GRANT SELECT ON ALL TABLES IN SCHEMA bi TO mooc_bi, mooc_writer;

COMMIT;
