-- What the database holds and what the staged folder says, label by label: position orders the things, old and new are rows.
CREATE TEMPORARY TABLE config_pairs ON COMMIT DROP AS
SELECT 1 AS position, 'unit' AS thing, code, to_jsonb(old) - 'code' AS old, to_jsonb(new) - 'code' AS new
  FROM (SELECT u.unit AS code, name, printed_name, kind, parent, territory, print_order, valid_from, valid_to, official_code,
               s.successors, a.aliases
          FROM pulse.units u
          LEFT JOIN (SELECT unit, array_agg(successor ORDER BY successor) AS successors
                       FROM pulse.unit_successors GROUP BY unit) s USING (unit)
          LEFT JOIN (SELECT unit, array_agg(alias ORDER BY alias COLLATE "C") AS aliases
                       FROM pulse.unit_aliases GROUP BY unit) a USING (unit)) old
  FULL JOIN (SELECT unit AS code, name, printed_name, kind, parent, territory, print_order, valid_from, valid_to, official_code,
                    successors, aliases
               FROM staged_units) new USING (code)
UNION ALL
SELECT 2, 'line', code, to_jsonb(old) - 'code', to_jsonb(new) - 'code'
  FROM (SELECT concat_ws(' ', unit, tree, 'from', valid_from) AS code, above, valid_to FROM pulse.unit_lines) old
  FULL JOIN (SELECT concat_ws(' ', unit, tree, 'from', valid_from) AS code, above, valid_to FROM staged_unit_lines) new USING (code)
UNION ALL
SELECT 3, 'name of training', code, to_jsonb(old) - 'code', to_jsonb(new) - 'code'
  FROM (SELECT training AS code, name_vi, name_en FROM pulse.training_labels) old
  FULL JOIN (SELECT training AS code, name_vi, name_en FROM staged_trainings) new USING (code)
UNION ALL
SELECT 4, 'name of wave', code, to_jsonb(old) - 'code', to_jsonb(new) - 'code'
  FROM (SELECT wave AS code, province, name, printed_name, print_order FROM pulse.wave_labels) old
  FULL JOIN (SELECT wave AS code, province, name, printed_name, print_order FROM staged_waves) new USING (code)
UNION ALL
SELECT 5, 'target', code, to_jsonb(old) - 'code', to_jsonb(new) - 'code'
  FROM (SELECT target AS code, wave, training, unit, measure, planned, planned_max, share, staff_on, per_helper, approximate,
               phase, begins, ends
          FROM pulse.targets) old
  FULL JOIN (SELECT target AS code, wave, training, unit, measure, planned, planned_max, share, staff_on, per_helper, approximate,
                    phase, begins, ends
               FROM staged_targets) new USING (code)
UNION ALL
SELECT 6, 'staff', code, to_jsonb(old) - 'code', to_jsonb(new) - 'code'
  FROM (SELECT concat_ws(' ', unit, day) AS code, staff, helpers FROM pulse.staff) old
  FULL JOIN (SELECT concat_ws(' ', unit, day) AS code, staff, helpers FROM staged_staff) new USING (code)
UNION ALL
SELECT 7, 'name of ' || kind, code, to_jsonb(old) - 'kind' - 'code', to_jsonb(new) - 'kind' - 'code'
  FROM (SELECT kind, audience AS code, name_vi, name_en FROM pulse.audience_labels) old
  FULL JOIN (SELECT kind, audience AS code, name_vi, name_en FROM staged_audiences) new USING (kind, code)
UNION ALL
SELECT 8, 'day', code, to_jsonb(old) - 'code', to_jsonb(new) - 'code'
  FROM (SELECT day::text AS code, kind, name FROM pulse.calendar) old
  FULL JOIN (SELECT day::text AS code, kind, name FROM staged_calendar) new USING (code);
