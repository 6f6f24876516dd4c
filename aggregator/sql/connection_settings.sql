-- Of every connection: a login or a database may bring settings along (ALTER ROLE, ALTER DATABASE) that make our texts mean something
-- else, or values look otherwise than this program reads them.
SET timezone = 'UTC';
SET search_path = pg_catalog, pg_temp;
SET DateStyle = ISO, YMD;
SET IntervalStyle = postgres;
SET bytea_output = hex;
SET extra_float_digits = 1;
SET standard_conforming_strings = on;
SET array_nulls = on;
SET transform_null_equals = off;
SET quote_all_identifiers = off;
SET row_security = on;
SET default_transaction_isolation = 'read committed';
SET default_transaction_deferrable = off;
SET jit = off;
-- A writer rests while nothing comes in: it is no forgotten session.
SET idle_session_timeout = 0
