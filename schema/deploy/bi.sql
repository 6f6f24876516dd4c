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

CREATE VIEW pulse.current_paths AS
SELECT n.unit, n.path COLLATE "vi-x-icu" AS unit_path
  FROM pulse.unit_path_names n
 WHERE n.version_from = (SELECT v.version_from FROM pulse.tree_versions v
                          WHERE v.tree = 'management' AND (SELECT today FROM pulse.today) BETWEEN v.version_from AND v.version_to);
COMMENT ON VIEW pulse.current_paths IS 'Names of the units above each unit and its own, by today''s line of management';
GRANT SELECT ON pulse.current_paths TO mooc_writer;

-- Dimensions -------------------------------------------------------------------------------------------------------------

-- The line of the day, as pulse.add_unit_paths has it.
CREATE VIEW pulse.current_lines AS
SELECT DISTINCT ON (unit, tree) unit, tree, above
  FROM pulse.unit_lines l CROSS JOIN pulse.today y
 ORDER BY unit, tree, (valid_from <= y.today) DESC, CASE WHEN valid_from <= y.today THEN valid_from END DESC NULLS LAST, valid_from;
COMMENT ON VIEW pulse.current_lines IS 'Which unit stands above another today: of one that ended its last line, of one to come its first';
GRANT SELECT ON pulse.current_lines TO mooc_writer;

CREATE VIEW bi.units AS
SELECT u.unit, u.name COLLATE "vi-x-icu" AS unit_name, u.printed_name COLLATE "vi-x-icu" AS printed_name,
       u.kind AS unit_kind, CASE WHEN m.unit IS NULL THEN u.parent ELSE m.above END AS parent,
       CASE WHEN t.unit IS NULL THEN u.territory ELSE t.above END AS territory, u.print_order, u.valid_from, u.valid_to,
       (SELECT string_agg(s.successor, ' | ' ORDER BY s.successor) FROM pulse.unit_successors s WHERE s.unit = u.unit) AS successor,
       (SELECT string_agg(a.alias, ' | ' ORDER BY a.alias COLLATE "vi-x-icu") FROM pulse.unit_aliases a WHERE a.unit = u.unit)
           COLLATE "vi-x-icu" AS aliases,
       u.official_code,
       p.unit_path
  FROM pulse.units u
  LEFT JOIN pulse.current_lines m ON m.unit = u.unit AND m.tree = 'management'
  LEFT JOIN pulse.current_lines t ON t.unit = u.unit AND t.tree = 'territory'
  LEFT JOIN pulse.current_paths p ON p.unit = u.unit;

CREATE VIEW bi.trainings AS
SELECT t.training, coalesce(l.name_vi, t.training) COLLATE "vi-x-icu" AS training_name,
       coalesce(l.name_en, t.training) AS training_name_en,
       r.by_platform AS pass_by_platform, r.min_score::numeric AS pass_min_score,
       t.completion_min_progress::numeric AS completion_min_progress,
       t.completion_by, t.completion_min_attendance, t.deadline_working_days, t.lectures, t.lecture_minutes,
       w.pass_rules COLLATE "vi-x-icu" AS pass_rules, w.pass_rules_en,
       nullif(concat_ws(' hoặc ',
           'tiến độ học từ ' || replace(round(100 * t.completion_min_progress::numeric, 4)::float8::text, '.', ',') || '%',
           CASE t.completion_by WHEN 'passed' THEN 'đạt bài thi' WHEN 'certificate' THEN 'được cấp chứng nhận' END,
           'học trực tiếp ít nhất ' || t.completion_min_attendance || ' ngày'), '') COLLATE "vi-x-icu" AS completion_rule,
       nullif(concat_ws(' or ',
           'progress of at least ' || round(100 * t.completion_min_progress::numeric, 4)::float8 || '%',
           CASE t.completion_by WHEN 'passed' THEN 'passed' WHEN 'certificate' THEN 'certified' END,
           'at least ' || t.completion_min_attendance || ' days of classes'), '') AS completion_rule_en
  FROM pulse.live_trainings t LEFT JOIN pulse.training_labels l USING (training)
  LEFT JOIN pulse.live_pass_rules r ON r.training = t.training AND r.position = (
      SELECT min(f.position) FROM pulse.live_pass_rules f WHERE f.training = t.training)
  LEFT JOIN LATERAL (
      SELECT string_agg(concat_ws(', ',
                 CASE WHEN p.by_platform THEN 'nền tảng xác định đạt'
                      ELSE 'điểm từ ' || replace(round(100 * p.min_score::numeric, 4)::float8::text, '.', ',') || '%' END,
                 'tiến độ học từ ' || replace(round(100 * p.min_progress::numeric, 4)::float8::text, '.', ',') || '%',
                 CASE WHEN p.certificate THEN 'có giấy chứng nhận' END,
                 CASE p.attempt WHEN 'best' THEN 'lần thi tốt nhất' WHEN 'last' THEN 'lần thi cuối' ELSE 'lần thi đầu' END,
                 'đợt ' || array_to_string(p.waves, ' '), 'từ ' || to_char(p.valid_from, 'DD/MM/YYYY'),
                 'đến ' || to_char(p.valid_to, 'DD/MM/YYYY')), '; ' ORDER BY p.position) AS pass_rules,
             string_agg(concat_ws(', ',
                 CASE WHEN p.by_platform THEN 'the platform says passed'
                      ELSE 'score of at least ' || round(100 * p.min_score::numeric, 4)::float8 || '%' END,
                 'progress of at least ' || round(100 * p.min_progress::numeric, 4)::float8 || '%',
                 CASE WHEN p.certificate THEN 'with a certificate' END, p.attempt || ' attempt',
                 'waves ' || array_to_string(p.waves, ' '), 'from ' || p.valid_from, 'to ' || p.valid_to),
                 '; ' ORDER BY p.position) AS pass_rules_en
        FROM pulse.live_pass_rules p WHERE p.training = t.training) w ON true;

CREATE VIEW bi.waves AS
SELECT w.wave, coalesce(l.name, w.wave) COLLATE "vi-x-icu" AS wave_name,
       coalesce(l.printed_name, w.wave) COLLATE "vi-x-icu" AS printed_name,
       w.training, coalesce(t.name_vi, w.training) COLLATE "vi-x-icu" AS training_name, l.province,
       coalesce(p.name, l.province) COLLATE "vi-x-icu" AS province_name,
       w.begins, w.ends, CASE WHEN w.totals_only THEN 'published' ELSE 'counted' END AS figures, l.print_order
  FROM pulse.live_waves w
  LEFT JOIN pulse.wave_labels l USING (wave)
  LEFT JOIN pulse.training_labels t ON t.training = w.training
  LEFT JOIN pulse.units p ON p.unit = l.province;

CREATE VIEW bi.groups AS
SELECT t.training, t.wave, t.unit, coalesce(u.name, t.unit) COLLATE "vi-x-icu" AS unit_name, t.study_group,
       nullif(regexp_replace(t.study_group, '[^0-9]', '', 'g'), '')::numeric AS group_order
  FROM pulse.live_tallies t LEFT JOIN pulse.units u USING (unit)
 WHERE t.scope = 'wave' AND t.unit <> '' AND t.study_group <> '';

CREATE VIEW bi.audiences AS
SELECT s.audience, coalesce(l.name_vi, s.audience) COLLATE "vi-x-icu" AS audience_name, coalesce(l.name_en, s.audience) AS audience_name_en
  FROM (SELECT audience FROM pulse.audience_labels WHERE kind = 'audience'
        UNION
        SELECT value FROM pulse.live_tallies WHERE scope = 'audience') s
  LEFT JOIN pulse.audience_labels l ON l.kind = 'audience' AND l.audience = s.audience;

CREATE VIEW bi.inviters AS
SELECT s.inviter, coalesce(l.name_vi, s.inviter) COLLATE "vi-x-icu" AS inviter_name, coalesce(l.name_en, s.inviter) AS inviter_name_en
  FROM (SELECT audience AS inviter FROM pulse.audience_labels WHERE kind = 'inviter'
        UNION
        SELECT value FROM pulse.live_tallies WHERE scope = 'inviter') s
  LEFT JOIN pulse.audience_labels l ON l.kind = 'inviter' AND l.audience = s.inviter;

CREATE VIEW bi.calendar AS
SELECT w.day,
       w.number > coalesce((SELECT before.number FROM pulse.working_days before
                             WHERE before.day < w.day ORDER BY before.day DESC LIMIT 1), 0) AS is_working_day,
       c.kind AS day_kind, c.name COLLATE "vi-x-icu" AS day_name, w.number AS working_day_number
  FROM pulse.working_days w LEFT JOIN pulse.calendar c USING (day);

-- People -----------------------------------------------------------------------------------------------------------------

-- The columns that all views of people share are written once: who the unit is, the measures, the rates, where it stands and since when.
DO $do$
DECLARE
    unit_columns text := $$
        nullif(m.unit, '') AS unit,
        CASE WHEN m.unit = '' THEN 'Ngoài danh sách' ELSE coalesce(u.name, m.unit) END COLLATE "vi-x-icu" AS unit_name,
        u.kind AS unit_kind, u.print_order, coalesce(m.registered, 0) > 0 AS list_received$$;
    training_name text := 'coalesce(t.name_vi, m.training) COLLATE "vi-x-icu" AS training_name';
    people text := 'm.registered, m.accounts, m.activated, m.enrolled, m.participated, m.completed, m.sat, m.passed, m.failed, '
        'm.not_passed, m.certified';
    rates text := 'm.account_rate, m.participation_rate, m.completion_rate, m.pass_rate_registered, m.pass_rate_participants, '
        'm.pass_rate_accounts, m.certification_rate';
    exams text := 'm.registered, m.participated, m.sat, m.passed, m.failed, m.passed_first, m.attempts, m.attempts_passed, m.scored, '
        'm.average_score, m.pass_rate_sat, m.first_pass_rate, m.attempt_pass_rate, m.attempts_per_learner, m.pass_rate_registered, '
        'm.pass_rate_participants, m.complete_through';
    ends text := $$coalesce(n.unit_path, nullif(m.unit, '')) COLLATE "vi-x-icu" AS unit_path,
        greatest(c.changed_at, (SELECT r.changed_at FROM pulse.raised r)) AS changed_at$$;
    of_unit text := $$
        LEFT JOIN pulse.units u ON u.unit = m.unit
        LEFT JOIN pulse.current_paths n ON n.unit = m.unit
        LEFT JOIN pulse.changed c ON c.training = m.training AND c.unit = m.unit$$;
    of_training text := ' LEFT JOIN pulse.training_labels t ON t.training = m.training ';
    platforms text := format($$
        %s, m.not_registered, %s, s.complete_through, greatest(c.changed_at, (SELECT r.changed_at FROM pulse.raised r)) AS changed_at
          FROM pulse.rated_platforms m %s
          LEFT JOIN pulse.changed_trainings c ON c.training = m.training
          LEFT JOIN (SELECT training, source, CASE WHEN count(complete_through) = count(*) THEN min(complete_through) END
                                AS complete_through
                       FROM pulse.training_streams GROUP BY training, source) s
                 ON s.training = m.training AND s.source = split_part(m.value, ' ', 1) COLLATE "C"$$, people, rates, of_training);
    rollup text := format($$
        m.tree, nullif(m.version_from, '-infinity') AS version_from, nullif(m.version_to, 'infinity') AS version_to,
        (SELECT today FROM pulse.today) BETWEEN m.version_from AND m.version_to AS is_current,
        m.unit, coalesce(u.name, m.unit) COLLATE "vi-x-icu" AS unit_name, u.kind AS unit_kind, m.above AS parent, m.level,
        u.print_order, m.planned, %s, %s, m.plan_rate, m.complete_through$$, people, rates);
    -- Also of units below that have no row any more.
    rollup_ends text := $$coalesce(n.unit_path, m.unit) COLLATE "vi-x-icu" AS unit_path,
        greatest((SELECT max(c.changed_at) FROM pulse.unit_paths p JOIN pulse.changed c ON c.training = m.training AND c.unit = p.unit
                   WHERE p.tree = m.tree AND p.version_from = m.version_from AND p.ancestor = m.unit),
                 (SELECT c.changed_at FROM pulse.changed c WHERE c.training = m.training AND c.unit = m.unit),
                 (SELECT r.changed_at FROM pulse.raised r)) AS changed_at$$;
    rolled_up text := $$pulse.rated_subtrees m
        LEFT JOIN pulse.units u ON u.unit = m.unit
        LEFT JOIN pulse.current_paths n ON n.unit = m.unit$$;
BEGIN
    PERFORM pulse.show_figures('participation', 'unit', format($$
        SELECT m.training, %1$s, m.wave, w.wave_name, w.province,
               w.province_name, w.begins, w.ends, m.unit,
               coalesce(u.name, m.unit, 'Ngoài danh sách') COLLATE "vi-x-icu" AS unit_name,
               coalesce(u.printed_name, m.unit, 'Ngoài danh sách') COLLATE "vi-x-icu" AS printed_name,
               u.kind AS unit_kind, u.print_order, coalesce(m.registered, 0) > 0 AS list_received,
               m.planned, %2$s, m.not_registered, %3$s, m.plan_rate, m.complete_through, %4$s
          FROM (SELECT m.training, m.wave, m.unit, m.planned, %2$s, m.not_registered, %3$s, m.plan_rate, m.complete_through
                  FROM pulse.rated_measures m WHERE m.scope = 'wave' AND m.unit <> ''
                UNION ALL
                -- Who is on no roster is in no wave: the training has their row.
                SELECT m.training, NULL, NULL, m.planned, %2$s, m.not_registered, %3$s, m.plan_rate, m.complete_through
                  FROM pulse.rated_measures m WHERE m.scope = 'training' AND m.unit = '') m %5$s
          LEFT JOIN bi.waves w ON w.wave = m.wave %6$s$$,
        training_name, people, rates, ends, of_training, replace(of_unit, 'c.unit = m.unit', $$c.unit = coalesce(m.unit, '')$$)));
    PERFORM pulse.show_figures('participation_training', 'unit', format($$
        SELECT m.training, %s, %s, m.planned, %s, m.not_registered, %s, m.plan_rate, m.complete_through, %s
          FROM pulse.rated_measures m %s %s WHERE m.scope = 'training'$$,
        training_name, unit_columns, people, rates, ends, of_training, of_unit));
    PERFORM pulse.show_figures('participation_all', 'unit', format($$
        SELECT %s, m.planned, %s, m.not_registered, %s, m.plan_rate, m.complete_through, %s
          FROM pulse.rated_measures m %s WHERE m.scope = 'all'$$, unit_columns, people, rates, ends, of_unit));
    PERFORM pulse.show_figures('participation_year', 'unit', format($$
        SELECT m.year, %s, m.planned, %s, m.not_registered, %s, m.plan_rate, m.first_time,
               m.registered + coalesce(m.not_registered, 0) - m.first_time AS repeat, m.complete_through, %s
          FROM pulse.rated_measures m %s WHERE m.scope = 'year'$$, unit_columns, people, rates, ends, of_unit));
    PERFORM pulse.show_figures('group_status', 'unit', format($$
        SELECT m.training, w.training_name, m.wave, w.wave_name, m.unit, coalesce(u.name, m.unit) COLLATE "vi-x-icu" AS unit_name,
               coalesce(u.printed_name, m.unit) COLLATE "vi-x-icu" AS printed_name, u.print_order, m.study_group,
               nullif(regexp_replace(m.study_group, '[^0-9]', '', 'g'), '')::numeric AS group_order, %s, %s, %s
          FROM pulse.rated_groups m
          LEFT JOIN bi.waves w ON w.wave = m.wave %s$$, people, rates, ends, of_unit));
    PERFORM pulse.show_figures('exam_results', 'unit', format($$
        SELECT m.training, w.training_name, m.wave, w.wave_name, %s, %s, %s
          FROM pulse.rated_measures m
          LEFT JOIN bi.waves w ON w.wave = m.wave %s
         WHERE m.scope = 'wave' AND m.unit <> ''$$, unit_columns, exams, ends, of_unit));
    PERFORM pulse.show_figures('exam_results_training', 'unit', format($$
        SELECT m.training, %s, %s, %s, m.not_registered, %s
          FROM pulse.rated_measures m %s %s WHERE m.scope = 'training'$$,
        training_name, unit_columns, exams, ends, of_training, of_unit));
    PERFORM pulse.show_figures('platform_status', 'nobody', format($$
        SELECT m.training, %s, m.value AS platform, %s WHERE m.scope = 'platform'$$, training_name, platforms));
    PERFORM pulse.show_figures('course_status', 'nobody', format($$
        SELECT m.training, %s, split_part(m.value, ' ', 1) AS platform, substr(m.value, strpos(m.value, ' ') + 1) AS course, %s
         WHERE m.scope = 'course'$$, training_name, platforms));
    PERFORM pulse.show_figures('audience_status', 'unit', format($$
        SELECT m.training, %s, m.value AS audience, coalesce(a.name_vi, m.value) COLLATE "vi-x-icu" AS audience_name, %s, %s, %s,
               m.complete_through, %s
          FROM pulse.rated_measures m %s
          LEFT JOIN pulse.audience_labels a ON a.kind = m.scope AND a.audience = m.value %s
         WHERE m.scope = 'audience'$$, training_name, unit_columns, people, rates, ends, of_training, of_unit));
    PERFORM pulse.show_figures('inviter_status', 'unit', format($$
        SELECT m.training, %s, m.value AS inviter, coalesce(a.name_vi, m.value) COLLATE "vi-x-icu" AS inviter_name, %s, %s, %s,
               m.complete_through, %s
          FROM pulse.rated_measures m %s
          LEFT JOIN pulse.audience_labels a ON a.kind = m.scope AND a.audience = m.value %s
         WHERE m.scope = 'inviter'$$, training_name, unit_columns, people, rates, ends, of_training, of_unit));
    PERFORM pulse.show_figures('unit_rollup', 'unit', format($$
        SELECT m.training, w.training_name, m.wave, w.wave_name, %s, %s
          FROM %s
          LEFT JOIN bi.waves w ON w.wave = m.wave
         WHERE m.scope = 'wave'$$, rollup, rollup_ends, rolled_up));
    PERFORM pulse.show_figures('unit_rollup_training', 'unit', format($$
        SELECT m.training, %s, %s, %s FROM %s %s WHERE m.scope = 'training'$$, training_name, rollup, rollup_ends, rolled_up, of_training));
    PERFORM pulse.show_figures('unit_rollup_all', 'unit', format($$
        SELECT %s, %s FROM %s WHERE m.scope = 'all'$$, rollup, rollup_ends, rolled_up));
    PERFORM pulse.show_figures('unit_rollup_year', 'unit', format($$
        SELECT m.year, %s, m.first_time, m.registered - m.first_time AS repeat, %s
          FROM %s WHERE m.scope = 'year'$$, rollup, rollup_ends, rolled_up));
END $do$;

-- The trees as they stood on a day.
CREATE FUNCTION bi.unit_rollup_on(on_day date, tree text DEFAULT 'management') RETURNS SETOF bi.unit_rollup
LANGUAGE sql STABLE AS $$
    SELECT r.* FROM bi.unit_rollup r WHERE r.tree = $2 COLLATE "C" AND $1 BETWEEN coalesce(r.version_from, '-infinity') AND coalesce(r.version_to, 'infinity') $$;
CREATE FUNCTION bi.unit_rollup_training_on(on_day date, tree text DEFAULT 'management') RETURNS SETOF bi.unit_rollup_training
LANGUAGE sql STABLE AS $$
    SELECT r.* FROM bi.unit_rollup_training r WHERE r.tree = $2 COLLATE "C" AND $1 BETWEEN coalesce(r.version_from, '-infinity') AND coalesce(r.version_to, 'infinity') $$;
COMMENT ON FUNCTION bi.unit_rollup_on IS 'bi.unit_rollup by the tree (management or territory) as it stood on a day';
COMMENT ON FUNCTION bi.unit_rollup_training_on IS 'bi.unit_rollup_training by the tree (management or territory) as it stood on a day';
REVOKE ALL ON FUNCTION bi.unit_rollup_on, bi.unit_rollup_training_on FROM PUBLIC;
GRANT EXECUTE ON FUNCTION bi.unit_rollup_on, bi.unit_rollup_training_on TO mooc_bi, mooc_writer;

GRANT USAGE ON SCHEMA bi TO mooc_bi, mooc_writer;
GRANT SELECT ON ALL TABLES IN SCHEMA bi TO mooc_bi, mooc_writer;

COMMIT;
