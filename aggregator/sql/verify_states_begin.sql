-- The facts that the rows of the states hold, as the program unpacks them. Lists stand as texts.
CREATE TEMP TABLE verify_packed (
    subject uuid, training text COLLATE "C", entity bigint, kind integer, flags integer, revision bigint, data_hash bigint, us bigint, day integer,
    value float8, attempt integer, course text, name bigint, citizen uuid, faults integer, row_number bigint, source text, wave text, unit text, study_group text,
    invited_by text, file text, sheet text, identifiers text, audiences text
) ON COMMIT DROP;
