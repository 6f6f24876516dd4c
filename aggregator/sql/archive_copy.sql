-- A month of the archive in order of its log: archive_month.sql says which.
COPY (SELECT partition, "offset", log_time, CASE WHEN value IS NULL THEN id END, value
        FROM archive.events
       WHERE log_time >= current_setting('mooc.month')::timestamptz
         AND log_time < current_setting('mooc.month')::timestamptz + interval '1 month'
       ORDER BY partition, "offset") TO STDOUT (FORMAT binary)
