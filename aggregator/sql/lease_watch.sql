-- Is the backend at work for us? If it is gone, or waits for its client who waits for it, then something was lost on the way.
SELECT EXISTS (SELECT FROM pg_stat_activity
                WHERE pid = $1::integer AND backend_start = $2::timestamptz
                  AND (state = 'active' AND wait_event_type IS DISTINCT FROM 'Client' OR state = 'disabled'))
