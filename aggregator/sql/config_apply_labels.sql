-- Labels become what the staged folder says.
DELETE FROM pulse.unit_aliases a
 WHERE NOT EXISTS (SELECT FROM staged_units s WHERE s.unit = a.unit AND a.alias = ANY (s.aliases));
DELETE FROM pulse.units u WHERE NOT EXISTS (SELECT FROM staged_units s WHERE s.unit = u.unit);
INSERT INTO pulse.units AS u (unit, name, printed_name, kind, parent, territory, print_order, valid_from, valid_to, successor)
SELECT unit, name, printed_name, kind, parent, territory, print_order, valid_from, valid_to, successor FROM staged_units
ON CONFLICT (unit) DO UPDATE
   SET (name, printed_name, kind, parent, territory, print_order, valid_from, valid_to, successor) =
       (excluded.name, excluded.printed_name, excluded.kind, excluded.parent, excluded.territory, excluded.print_order,
        excluded.valid_from, excluded.valid_to, excluded.successor)
 WHERE (u.name, u.printed_name, u.kind, u.parent, u.territory, u.print_order, u.valid_from, u.valid_to, u.successor)
       IS DISTINCT FROM
       (excluded.name, excluded.printed_name, excluded.kind, excluded.parent, excluded.territory, excluded.print_order,
        excluded.valid_from, excluded.valid_to, excluded.successor);
INSERT INTO pulse.unit_aliases (unit, alias) SELECT unit, unnest(aliases) FROM staged_units ON CONFLICT DO NOTHING;

DELETE FROM pulse.training_labels l WHERE NOT EXISTS (SELECT FROM staged_trainings s WHERE s.training = l.training);
INSERT INTO pulse.training_labels (training, name_vi, name_en) SELECT training, name_vi, name_en FROM staged_trainings
ON CONFLICT (training) DO UPDATE SET name_vi = excluded.name_vi, name_en = excluded.name_en;

DELETE FROM pulse.wave_labels l WHERE NOT EXISTS (SELECT FROM staged_waves s WHERE s.wave = l.wave);
INSERT INTO pulse.wave_labels (wave, province, name, printed_name, print_order)
SELECT wave, province, name, printed_name, print_order FROM staged_waves
ON CONFLICT (wave) DO UPDATE
   SET province = excluded.province, name = excluded.name, printed_name = excluded.printed_name,
       print_order = excluded.print_order;

DELETE FROM pulse.targets t WHERE NOT EXISTS (SELECT FROM staged_targets s WHERE s.wave = t.wave AND s.unit = t.unit);
INSERT INTO pulse.targets (wave, unit, planned) SELECT wave, unit, planned FROM staged_targets
ON CONFLICT (wave, unit) DO UPDATE SET planned = excluded.planned;

DELETE FROM pulse.calendar c WHERE NOT EXISTS (SELECT FROM staged_calendar s WHERE s.day = c.day);
INSERT INTO pulse.calendar (day, kind, name) SELECT day, kind, name FROM staged_calendar
ON CONFLICT (day) DO UPDATE SET kind = excluded.kind, name = excluded.name;
