-- Deploy mooc_pulse:calendar to pg
-- Counting working days. A day that the calendar does not cover is an error, not a guess.
BEGIN;
SET LOCAL ROLE mooc_owner;

-- Days are counted within one unbroken stretch of covered time only.
CREATE VIEW pulse.counted_days AS
SELECT day, number, day - row_number() OVER (ORDER BY day)::integer AS stretch FROM pulse.working_days;
COMMENT ON VIEW pulse.counted_days IS 'Covered days with their number of working days; a stretch is a covered time without a gap';

CREATE FUNCTION bi.due_day(day_0 date, working_days integer) RETURNS date
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    due date;
BEGIN
    IF day_0 IS NULL OR working_days IS NULL THEN
        RETURN NULL;
    END IF;
    SELECT min(d.day) INTO due
      FROM pulse.counted_days z JOIN pulse.counted_days d ON d.stretch = z.stretch AND d.number = z.number + working_days
     WHERE z.day = day_0;
    IF due IS NULL THEN
        RAISE EXCEPTION 'the calendar does not cover % working days from % on', working_days, day_0
            USING ERRCODE = 'datetime_field_overflow',
                  HINT = 'Add the year''s holidays to calendar.csv and run mooc-aggregator config load',
                  DETAIL = format('lịch không có đủ %s ngày làm việc kể từ %s. Hãy ghi ngày nghỉ của năm đó vào calendar.csv rồi chạy '
                                  'mooc-aggregator config load', working_days, day_0);
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
      FROM pulse.counted_days a JOIN pulse.counted_days b USING (stretch) WHERE a.day = day_0 AND b.day = until;
    IF elapsed IS NULL THEN
        RAISE EXCEPTION 'the calendar does not cover % to %', day_0, until
            USING ERRCODE = 'datetime_field_overflow',
                  HINT = 'Add the year''s holidays to calendar.csv and run mooc-aggregator config load',
                  DETAIL = format('lịch không có từ %s đến %s. Hãy ghi ngày nghỉ của năm đó vào calendar.csv rồi chạy mooc-aggregator '
                                  'config load', day_0, until);
    END IF;
    RETURN elapsed;
END $$;
COMMENT ON FUNCTION bi.working_days_between IS
    'Số ngày làm việc sau ngày đầu đến hết ngày cuối / Working days after the first day up to the end of the last';

GRANT SELECT ON pulse.counted_days TO mooc_writer;
REVOKE ALL ON FUNCTION bi.due_day, bi.working_days_between FROM PUBLIC;
GRANT EXECUTE ON FUNCTION bi.due_day, bi.working_days_between TO mooc_bi, mooc_writer;

COMMIT;
