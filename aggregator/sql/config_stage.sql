-- The reference folder (temporary table reference_folder, one jsonb) as tables of this transaction.
CREATE TEMPORARY TABLE staged_units ON COMMIT DROP AS
SELECT unit, name, printed_name, kind, parent, territory, print_order, valid_from, valid_to, official_code,
       (SELECT array_agg(DISTINCT s COLLATE "C") FROM unnest(successors) s) AS successors,
       (SELECT array_agg(DISTINCT a COLLATE "C") FROM unnest(aliases) a) AS aliases
  FROM reference_folder,
       jsonb_to_recordset(folder -> 'units') AS u (
           unit text, name text, printed_name text, kind text, parent text, territory text, print_order integer, valid_from date,
           valid_to date, official_code text, successors text[], aliases text[]);
CREATE TEMPORARY TABLE staged_unit_lines ON COMMIT DROP AS
SELECT unit, tree, coalesce(valid_from, '-infinity') AS valid_from, coalesce(valid_to, 'infinity') AS valid_to, above
  FROM reference_folder,
       jsonb_to_recordset(folder -> 'unit_lines') AS l (unit text, tree text, valid_from date, valid_to date, above text);
CREATE TEMPORARY TABLE staged_trainings ON COMMIT DROP AS
SELECT t.*
  FROM reference_folder,
       jsonb_to_recordset(folder -> 'trainings') AS t (
           training text, name_vi text, name_en text, completion_min_progress double precision, completion_by text,
           completion_min_attendance integer, deadline_working_days integer, lectures integer, lecture_minutes integer);
CREATE TEMPORARY TABLE staged_pass_rules ON COMMIT DROP AS
SELECT t.training, r.*
  FROM reference_folder,
       jsonb_to_recordset(folder -> 'trainings') AS t (training text, pass_rules jsonb),
       jsonb_to_recordset(t.pass_rules) AS r (
           position integer, by_platform boolean, min_score double precision, min_progress double precision, certificate boolean,
           attempt text, waves text[], valid_from date, valid_to date);
CREATE TEMPORARY TABLE staged_waves ON COMMIT DROP AS
SELECT w.*
  FROM reference_folder,
       jsonb_to_recordset(folder -> 'waves') AS w (
           wave text, training text, province text, name text, printed_name text, begins date, ends date, totals_only boolean,
           print_order integer);
CREATE TEMPORARY TABLE staged_courses ON COMMIT DROP AS
SELECT c.*
  FROM reference_folder,
       jsonb_to_recordset(folder -> 'courses') AS c (
           source text, course text, training text, exam text, learning_shown boolean);
CREATE TEMPORARY TABLE staged_targets ON COMMIT DROP AS
SELECT t.*
  FROM reference_folder,
       jsonb_to_recordset(folder -> 'targets') AS t (
           target text, wave text, training text, unit text, measure text, planned bigint, planned_max bigint, share numeric,
           staff_on date, per_helper bigint, approximate boolean, phase text, begins date, ends date);
CREATE TEMPORARY TABLE staged_staff ON COMMIT DROP AS
SELECT s.*
  FROM reference_folder, jsonb_to_recordset(folder -> 'staff') AS s (unit text, day date, staff bigint, helpers bigint);
CREATE TEMPORARY TABLE staged_audiences ON COMMIT DROP AS
SELECT a.*
  FROM reference_folder,
       jsonb_to_recordset(folder -> 'audiences') AS a (kind text, audience text, name_vi text, name_en text);
CREATE TEMPORARY TABLE staged_calendar ON COMMIT DROP AS
SELECT d.*
  FROM reference_folder, jsonb_to_recordset(folder -> 'calendar') AS d (day date, kind text, name text);
