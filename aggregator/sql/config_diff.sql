-- What loading the staged folder would change: class, thing, code, change, detail. Classes: label (at once), addition (extends
-- the config of the live generation), generation (needs a new one), fault (must not be loaded at all).
WITH empty AS (
    SELECT NOT EXISTS (SELECT FROM pulse.offsets o JOIN pulse.live USING (generation) WHERE o.next_offset > 0) AS is_empty
), pairs AS (
    SELECT 1 AS position, 'unit' AS thing, code, to_jsonb(old) - 'code' AS old, to_jsonb(new) - 'code' AS new
      FROM (SELECT unit AS code, name, printed_name, kind, parent, territory, print_order, valid_from, valid_to, successor,
                   (SELECT array_agg(a.alias ORDER BY a.alias COLLATE "C") FROM pulse.unit_aliases a WHERE a.unit = u.unit)
                       AS aliases
              FROM pulse.units u) old
      FULL JOIN (SELECT unit AS code, name, printed_name, kind, parent, territory, print_order, valid_from, valid_to, successor,
                        aliases
                   FROM staged_units) new USING (code)
    UNION ALL
    SELECT 2, 'name of training', code, to_jsonb(old) - 'code', to_jsonb(new) - 'code'
      FROM (SELECT training AS code, name_vi, name_en FROM pulse.training_labels) old
      FULL JOIN (SELECT training AS code, name_vi, name_en FROM staged_trainings) new USING (code)
    UNION ALL
    SELECT 3, 'name of wave', code, to_jsonb(old) - 'code', to_jsonb(new) - 'code'
      FROM (SELECT wave AS code, province, name, printed_name, print_order FROM pulse.wave_labels) old
      FULL JOIN (SELECT wave AS code, province, name, printed_name, print_order FROM staged_waves) new USING (code)
    UNION ALL
    SELECT 4, 'target', code, to_jsonb(old) - 'code', to_jsonb(new) - 'code'
      FROM (SELECT wave || ' ' || unit AS code, planned FROM pulse.targets) old
      FULL JOIN (SELECT wave || ' ' || unit AS code, planned FROM staged_targets) new USING (code)
    UNION ALL
    SELECT 5, 'day', code, to_jsonb(old) - 'code', to_jsonb(new) - 'code'
      FROM (SELECT day::text AS code, kind, name FROM pulse.calendar) old
      FULL JOIN (SELECT day::text AS code, kind, name FROM staged_calendar) new USING (code)
    UNION ALL
    SELECT 6, 'training', code, to_jsonb(old) - 'code', to_jsonb(new) - 'code'
      FROM (SELECT training AS code, pass_by_platform, pass_min_score, completion_min_progress FROM pulse.live_trainings) old
      FULL JOIN (SELECT training AS code, pass_by_platform, pass_min_score, completion_min_progress FROM staged_trainings) new
           USING (code)
    UNION ALL
    SELECT 7, 'wave', code, to_jsonb(old) - 'code', to_jsonb(new) - 'code'
      FROM (SELECT wave AS code, training, begins, ends, totals_only FROM pulse.live_waves) old
      FULL JOIN (SELECT wave AS code, training, begins, ends, totals_only FROM staged_waves) new USING (code)
    UNION ALL
    SELECT 8, 'course', code, to_jsonb(old) - 'code', to_jsonb(new) - 'code'
      FROM (SELECT source || ' ' || course AS code, training, exam FROM pulse.live_courses) old
      FULL JOIN (SELECT source || ' ' || course AS code, training, exam FROM staged_courses) new USING (code)
), mentioned AS (
    SELECT kind AS thing, CASE WHEN kind = 'course' THEN source || ' ' || code ELSE code END AS code FROM pulse.live_unmapped
), used_units AS (
    SELECT unit FROM pulse.live_tallies WHERE unit <> '' UNION SELECT unit FROM pulse.live_issues WHERE unit <> ''
), changes AS (
    SELECT position, thing, code,
           CASE WHEN old IS NULL THEN 'added' WHEN new IS NULL THEN 'removed' ELSE 'changed' END AS change, old, new
      FROM pairs WHERE old IS DISTINCT FROM new
)
SELECT CASE
           WHEN thing = 'unit' AND change = 'removed' AND code IN (SELECT unit FROM used_units) THEN 'fault'
           WHEN position < 6 THEN 'label'
           WHEN is_empty THEN 'addition'
           WHEN change = 'added' AND (thing, code) NOT IN (SELECT thing, code FROM mentioned) THEN 'addition'
           ELSE 'generation'
       END AS class,
       thing, code, change,
       CASE
           WHEN thing = 'unit' AND change = 'removed' AND code IN (SELECT unit FROM used_units)
               THEN 'people are counted in it: keep it and set valid_to'
           WHEN change = 'changed'
               THEN (SELECT string_agg(format('%s %s -> %s', key, coalesce(old ->> key, '(none)'), coalesce(new ->> key, '(none)')),
                                       '; ' ORDER BY key)
                       FROM jsonb_object_keys(new) key WHERE old -> key IS DISTINCT FROM new -> key)
           WHEN change = 'added' AND (thing, code) IN (SELECT thing, code FROM mentioned) AND NOT is_empty
               THEN 'events that are already counted mention it'
           ELSE ''
       END AS detail
  FROM changes CROSS JOIN empty
 ORDER BY position, code;
