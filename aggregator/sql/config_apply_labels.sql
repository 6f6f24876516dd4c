-- Labels become what the staged folder says.
DELETE FROM pulse.unit_aliases a
 WHERE NOT EXISTS (SELECT FROM staged_units s WHERE s.unit = a.unit AND a.alias = ANY (s.aliases));
DELETE FROM pulse.unit_successors o
 WHERE NOT EXISTS (SELECT FROM staged_units s WHERE s.unit = o.unit AND o.successor = ANY (s.successors));
DELETE FROM pulse.unit_lines l
 WHERE NOT EXISTS (SELECT FROM staged_unit_lines s
                    WHERE (s.unit, s.tree, s.valid_from) = (l.unit, l.tree, l.valid_from));
DELETE FROM pulse.units u WHERE NOT EXISTS (SELECT FROM staged_units s WHERE s.unit = u.unit);
INSERT INTO pulse.units AS u (unit, name, printed_name, kind, parent, territory, print_order, valid_from, valid_to, official_code)
SELECT unit, name, printed_name, kind, parent, territory, print_order, valid_from, valid_to, official_code FROM staged_units
ON CONFLICT (unit) DO UPDATE
   SET (name, printed_name, kind, parent, territory, print_order, valid_from, valid_to, official_code) =
       (excluded.name, excluded.printed_name, excluded.kind, excluded.parent, excluded.territory, excluded.print_order,
        excluded.valid_from, excluded.valid_to, excluded.official_code)
 WHERE (u.name, u.printed_name, u.kind, u.parent, u.territory, u.print_order, u.valid_from, u.valid_to, u.official_code)
       IS DISTINCT FROM
       (excluded.name, excluded.printed_name, excluded.kind, excluded.parent, excluded.territory, excluded.print_order,
        excluded.valid_from, excluded.valid_to, excluded.official_code);
INSERT INTO pulse.unit_aliases (unit, alias) SELECT unit, unnest(aliases) FROM staged_units ON CONFLICT DO NOTHING;
INSERT INTO pulse.unit_successors (unit, successor) SELECT unit, unnest(successors) FROM staged_units ON CONFLICT DO NOTHING;
INSERT INTO pulse.unit_lines (unit, tree, valid_from, valid_to, above)
SELECT unit, tree, valid_from, valid_to, above FROM staged_unit_lines
ON CONFLICT (unit, tree, valid_from) DO UPDATE SET valid_to = excluded.valid_to, above = excluded.above;

DELETE FROM pulse.training_labels l WHERE NOT EXISTS (SELECT FROM staged_trainings s WHERE s.training = l.training);
INSERT INTO pulse.training_labels (training, name_vi, name_en) SELECT training, name_vi, name_en FROM staged_trainings
ON CONFLICT (training) DO UPDATE SET name_vi = excluded.name_vi, name_en = excluded.name_en;

DELETE FROM pulse.wave_labels l WHERE NOT EXISTS (SELECT FROM staged_waves s WHERE s.wave = l.wave);
INSERT INTO pulse.wave_labels (wave, province, name, printed_name, print_order)
SELECT wave, province, name, printed_name, print_order FROM staged_waves
ON CONFLICT (wave) DO UPDATE
   SET province = excluded.province, name = excluded.name, printed_name = excluded.printed_name,
       print_order = excluded.print_order;

DELETE FROM pulse.targets;
INSERT INTO pulse.targets (target, wave, training, unit, measure, planned, planned_max, share, staff_on, per_helper, approximate,
                           phase, begins, ends)
SELECT target, wave, training, unit, measure, planned, planned_max, share, staff_on, per_helper, approximate, phase, begins, ends
  FROM staged_targets;
DELETE FROM pulse.staff;
INSERT INTO pulse.staff (unit, day, staff, helpers) SELECT unit, day, staff, helpers FROM staged_staff;
DELETE FROM pulse.audience_labels;
INSERT INTO pulse.audience_labels (kind, audience, name_vi, name_en) SELECT kind, audience, name_vi, name_en FROM staged_audiences;

DELETE FROM pulse.calendar c WHERE NOT EXISTS (SELECT FROM staged_calendar s WHERE s.day = c.day);
INSERT INTO pulse.calendar (day, kind, name) SELECT day, kind, name FROM staged_calendar
ON CONFLICT (day) DO UPDATE SET kind = excluded.kind, name = excluded.name;

-- Names, orders, trees and plans stand in rows of all units.
UPDATE pulse.changed_all SET changed_at = clock_timestamp();

DO $$
BEGIN
    PERFORM pulse.rebuild_unit_paths();
    PERFORM pulse.rebuild_working_days();
    PERFORM pulse.rebuild_plans();
END $$;
