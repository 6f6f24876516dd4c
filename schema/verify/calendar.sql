-- Verify mooc_pulse:calendar on pg
SELECT has_function_privilege('mooc_bi', 'bi.due_day(date, integer)', 'execute')
   AND has_function_privilege('mooc_bi', 'bi.working_days_between(date, date)', 'execute');
