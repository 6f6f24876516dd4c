-- The reference folder (temporary table reference_folder, one jsonb) as tables of this transaction.
CREATE TEMPORARY TABLE staged_units ON COMMIT DROP AS
SELECT unit, name, printed_name, kind, parent, territory, print_order, valid_from, valid_to, successor,
       (SELECT array_agg(DISTINCT a COLLATE "C") FROM unnest(aliases) a) AS aliases
  FROM reference_folder,
       jsonb_to_recordset(folder -> 'units') AS u (
           unit text, name text, printed_name text, kind text, parent text, territory text, print_order integer, valid_from date,
           valid_to date, successor text, aliases text[]);
CREATE TEMPORARY TABLE staged_trainings ON COMMIT DROP AS
SELECT t.*
  FROM reference_folder,
       jsonb_to_recordset(folder -> 'trainings') AS t (
           training text, name_vi text, name_en text, pass_by_platform boolean, pass_min_score double precision,
           completion_min_progress double precision);
CREATE TEMPORARY TABLE staged_waves ON COMMIT DROP AS
SELECT w.*
  FROM reference_folder,
       jsonb_to_recordset(folder -> 'waves') AS w (
           wave text, training text, province text, name text, printed_name text, begins date, ends date, totals_only boolean,
           print_order integer);
CREATE TEMPORARY TABLE staged_courses ON COMMIT DROP AS
SELECT c.*
  FROM reference_folder,
       jsonb_to_recordset(folder -> 'courses') AS c (source text, course text, training text, exam text);
CREATE TEMPORARY TABLE staged_targets ON COMMIT DROP AS
SELECT t.*
  FROM reference_folder, jsonb_to_recordset(folder -> 'targets') AS t (wave text, unit text, planned bigint);
CREATE TEMPORARY TABLE staged_calendar ON COMMIT DROP AS
SELECT d.*
  FROM reference_folder, jsonb_to_recordset(folder -> 'calendar') AS d (day date, kind text, name text);
