-- Some value is no JSON to PostgreSQL, such as one with a number that is smaller than its numbers can be: then each is tried by itself,
-- and once more with such numbers as 0.
CREATE OR REPLACE FUNCTION pg_temp.verify_json(text) RETURNS jsonb LANGUAGE plpgsql IMMUTABLE PARALLEL UNSAFE AS $$
BEGIN
    RETURN $1::jsonb;
EXCEPTION WHEN OTHERS THEN
    BEGIN
        RETURN regexp_replace($1, '(?<=[:,\[\s])-?\d+(\.\d+)?[eE]-\d{4,}(?=[,\}\]\s])', '0', 'g')::jsonb;
    EXCEPTION WHEN OTHERS THEN
        RETURN NULL;
    END;
END $$;
