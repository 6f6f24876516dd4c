-- Of the session that verifies: it reads much once. Settings verify.* hold what is asked for.
SET LOCAL temp_buffers = '256MB';
SET LOCAL work_mem = '256MB';
SET LOCAL jit = off;
SET LOCAL timezone = 'UTC';
-- Whoever waits for a lock on a table of a generation would make its writer wait too.
SET LOCAL lock_timeout = '10s';

CREATE TEMP TABLE verify_checks (
    position    integer GENERATED ALWAYS AS IDENTITY,
    name        text NOT NULL,
    compared    bigint NOT NULL,
    differences bigint NOT NULL
) ON COMMIT DROP;
CREATE TEMP TABLE verify_differences (
    name       text NOT NULL,
    key        jsonb NOT NULL,
    column_name text,
    stored     text,
    recomputed text,
    size       numeric NOT NULL
) ON COMMIT DROP;

-- What stands for a subject, identifier or entity.
CREATE FUNCTION pg_temp.verify_key(text) RETURNS uuid LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
$$ SELECT encode(substring(sha256(convert_to($1, 'UTF8')) FOR 16), 'hex')::uuid $$;
-- The first 64 bits of a SHA-256.
CREATE FUNCTION pg_temp.verify_rank(bytea) RETURNS bigint LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
$$ SELECT ('x' || encode(substring(sha256($1) FOR 8), 'hex'))::bit(64)::bigint $$;
-- Fractions beyond microseconds are cut, not rounded.
CREATE FUNCTION pg_temp.verify_instant(text) RETURNS timestamptz LANGUAGE sql STABLE PARALLEL SAFE AS
$$ SELECT regexp_replace($1, '(\.\d{6})\d+', '\1')::timestamptz $$;
CREATE FUNCTION pg_temp.verify_microseconds(timestamptz) RETURNS bigint LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
$$ SELECT (extract(epoch FROM $1) * 1000000)::bigint $$;
-- The Vietnamese day (UTC+7) of microseconds since 1970, counted from 1970-01-01.
CREATE FUNCTION pg_temp.verify_day(bigint) RETURNS integer LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
$$ SELECT (($1 + 25200000000) / 86400000000)::integer $$;
-- What is too small for a double is 0; a share far beyond its maximum is somebody's typing and stays within what a sum holds.
CREATE FUNCTION pg_temp.verify_double(numeric) RETURNS float8 LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
$$ SELECT CASE WHEN abs($1) < 5e-324 THEN 0 ELSE $1::float8 END $$;
CREATE FUNCTION pg_temp.verify_share(score numeric, max_score numeric) RETURNS float8 LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
$$ SELECT CASE WHEN score IS NULL OR max_score IS NULL OR max_score < 5e-324 THEN NULL
               WHEN abs(score) > 10000 * max_score THEN sign(score)::float8 * 10000
               WHEN abs(score) < 1e-300 * max_score THEN 0
               ELSE pg_temp.verify_double(score) / max_score::float8 END $$;
-- What a share may fall short of a mark that it has just: 9.6 of 12 are eight tenths, and as a quotient of binary fractions a bit less.
CREATE FUNCTION pg_temp.verify_slack() RETURNS float8 LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT 1e-9::float8 $$;
CREATE FUNCTION pg_temp.verify_json(text) RETURNS jsonb LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
$$ SELECT $1::jsonb $$;
CREATE FUNCTION pg_temp.verify_texts(jsonb) RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
$$ SELECT CASE WHEN jsonb_typeof($1) = 'array' THEN ARRAY(SELECT jsonb_array_elements_text($1)) ELSE '{}' END $$;

-- Is a cell of this training and unit asked for?
CREATE FUNCTION pg_temp.verify_wanted(training text, unit text) RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE AS
$$ SELECT current_setting('verify.training') IN ('', training) AND current_setting('verify.unit') IN ('', unit) $$;
CREATE FUNCTION pg_temp.verify_whole() RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE AS
$$ SELECT current_setting('verify.training') = '' AND current_setting('verify.unit') = '' $$;

-- Notes what differs between two table expressions with the same key columns; a row on one side only is one difference.
CREATE FUNCTION pg_temp.verify_compare(name text, stored text, recomputed text, keys text[], columns text[]) RETURNS void
LANGUAGE plpgsql AS $compare$
DECLARE
    key_list text := (SELECT string_agg(quote_ident(k), ', ') FROM unnest(keys) k);
    key_pairs text := (SELECT string_agg(format('%L, %I', k, k), ', ') FROM unnest(keys) k);
    -- One comparison each: a row of one column is none, and a row of many is slower.
    unequal text := (SELECT coalesce(string_agg(format('s.%1$I IS DISTINCT FROM e.%1$I', c), ' OR '), 'false') FROM unnest(columns) c);
    found bigint;
    extra bigint;
    expected bigint;
BEGIN
    EXECUTE format($$
        INSERT INTO verify_differences
        SELECT %1$L, d.key, c.column_name, c.stored, c.recomputed, c.size
          FROM (SELECT jsonb_build_object(%2$s) AS key, s.is_here AS s_here, e.is_here AS e_here, to_jsonb(s) AS s, to_jsonb(e) AS e
                  FROM (SELECT *, true AS is_here FROM %3$s x) s
                  FULL JOIN (SELECT *, true AS is_here FROM %4$s x) e USING (%5$s)
                 WHERE s.is_here IS NULL OR e.is_here IS NULL OR %6$s) d,
               LATERAL (SELECT n AS column_name, d.s ->> n AS stored, d.e ->> n AS recomputed,
                               CASE WHEN jsonb_typeof(d.s -> n) = 'number' AND jsonb_typeof(d.e -> n) = 'number'
                                    THEN abs((d.s ->> n)::numeric - (d.e ->> n)::numeric) ELSE 1 END AS size
                          FROM unnest(%7$L::text[]) n
                         WHERE s_here AND e_here AND d.s -> n IS DISTINCT FROM d.e -> n
                        UNION ALL
                        SELECT NULL, CASE WHEN s_here THEN 'a row' ELSE 'none' END, CASE WHEN e_here THEN 'a row' ELSE 'none' END,
                               (SELECT coalesce(max(abs(v::text::numeric)), 1)
                                  FROM jsonb_each(coalesce(CASE WHEN s_here THEN d.s END, d.e)) x (k, v)
                                 WHERE jsonb_typeof(v) = 'number' AND k = ANY (%7$L::text[]))
                         WHERE s_here IS NULL OR e_here IS NULL) c$$,
        name, key_pairs, stored, recomputed, key_list, unequal, columns);
    GET DIAGNOSTICS found = ROW_COUNT;
    EXECUTE format('SELECT count(*) FROM %s x', recomputed) INTO expected;
    SELECT count(*) INTO extra FROM verify_differences d
     WHERE d.name = verify_compare.name AND d.column_name IS NULL AND d.recomputed = 'none';
    INSERT INTO verify_checks (name, compared, differences) VALUES (name, expected + extra, found);
END $compare$;
