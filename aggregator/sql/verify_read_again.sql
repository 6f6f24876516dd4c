-- Some value is beyond what PostgreSQL reads as JSON, such as a number of a million digits: then each is tried by itself.
CREATE OR REPLACE FUNCTION pg_temp.verify_json(text) RETURNS jsonb LANGUAGE plpgsql IMMUTABLE PARALLEL UNSAFE AS $$
BEGIN
    RETURN $1::jsonb;
EXCEPTION WHEN OTHERS THEN
    RETURN NULL;
END $$;
