-- $1: training or NULL, $2: wave or NULL, $3: units or NULL. How many units sent a form, the planned ones that sent none, and the day
-- of the latest activity; of a form without one the day on which it came.
SELECT (SELECT count(DISTINCT unit) FROM bi.headcounts
         WHERE ($1::text IS NULL OR training = $1 COLLATE "C") AND ($2::text IS NULL OR wave = $2 COLLATE "C")
           AND ($3::text[] IS NULL OR unit = ANY ($3::text[] COLLATE "C"))),
       (SELECT string_agg(DISTINCT unit_name, ', ' ORDER BY unit_name) FROM bi.target_progress
         WHERE state = 'no_form' AND measure LIKE 'attendances%' AND ($1::text IS NULL OR training = $1 COLLATE "C") AND ($2::text IS NULL OR wave = $2 COLLATE "C")
           AND ($3::text[] IS NULL OR unit = ANY ($3::text[] COLLATE "C"))),
       (SELECT to_char(max(coalesce(day, (reported_at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date)), 'DD/MM/YYYY') FROM bi.headcounts
         WHERE ($1::text IS NULL OR training = $1 COLLATE "C") AND ($2::text IS NULL OR wave = $2 COLLATE "C")
           AND ($3::text[] IS NULL OR unit = ANY ($3::text[] COLLATE "C")))
