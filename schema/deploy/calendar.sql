-- Deploy mooc_pulse:calendar to pg
-- Counting working days. A day that the calendar does not cover is an error, not a guess.
BEGIN;
SET LOCAL ROLE mooc_owner;

CREATE FUNCTION bi.due_day(day_0 date, working_days integer) RETURNS date
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    due date;
BEGIN
    IF day_0 IS NULL OR working_days IS NULL THEN
        RETURN NULL;
    END IF;
    SELECT min(d.day) INTO due
      FROM pulse.working_days d
     WHERE d.number = (SELECT z.number FROM pulse.working_days z WHERE z.day = day_0) + working_days;
    IF due IS NULL THEN
        RAISE EXCEPTION 'the calendar does not cover % working days from % on', working_days, day_0
            USING ERRCODE = 'datetime_field_overflow',
                  HINT = 'Add the year''s holidays to calendar.csv and run mooc-aggregator config load';
    END IF;
    RETURN due;
END $$;
COMMENT ON FUNCTION bi.due_day IS
    'Ngày đến hạn: hết ngày làm việc thứ n sau ngày 0 / The day due: the n-th working day after day 0';

CREATE FUNCTION bi.working_days_between(day_0 date, until date) RETURNS integer
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    elapsed integer;
BEGIN
    IF day_0 IS NULL OR until IS NULL THEN
        RETURN NULL;
    END IF;
    SELECT b.number - a.number INTO elapsed
      FROM pulse.working_days a, pulse.working_days b WHERE a.day = day_0 AND b.day = until;
    IF elapsed IS NULL THEN
        RAISE EXCEPTION 'the calendar does not cover % to %', day_0, until
            USING ERRCODE = 'datetime_field_overflow',
                  HINT = 'Add the year''s holidays to calendar.csv and run mooc-aggregator config load';
    END IF;
    RETURN elapsed;
END $$;
COMMENT ON FUNCTION bi.working_days_between IS
    'Số ngày làm việc sau ngày đầu đến hết ngày cuối / Working days after the first day up to the end of the last';

REVOKE ALL ON FUNCTION bi.due_day, bi.working_days_between FROM PUBLIC;
GRANT EXECUTE ON FUNCTION bi.due_day, bi.working_days_between TO mooc_bi, mooc_writer;

COMMIT;
