-- Verify mooc_pulse:plans on pg
SELECT target, scope, training, wave, year, unit, measure, target_kind, planned, planned_max, staff, helpers
  FROM pulse.worked_targets WHERE false;
SELECT scope, training, wave, year, unit, planned FROM pulse.plans WHERE false;
SELECT has_function_privilege('mooc_writer', 'pulse.rebuild_plans()', 'execute');
