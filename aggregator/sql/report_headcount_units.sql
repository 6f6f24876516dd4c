-- $1: training or NULL, $2: wave or NULL, $3: units or NULL. How many units sent a form, the planned ones that sent none, and when the
-- newest form was dated, in Vietnamese time.
SELECT (SELECT count(DISTINCT unit) FROM bi.headcounts
         WHERE ($1::text IS NULL OR training = $1 COLLATE "C") AND ($2::text IS NULL OR wave = $2 COLLATE "C")
           AND ($3::text[] IS NULL OR unit = ANY ($3::text[] COLLATE "C"))),
       (SELECT string_agg(DISTINCT unit_name, ', ' ORDER BY unit_name) FROM bi.target_progress
         WHERE state = 'no_form' AND measure LIKE 'attendances%' AND ($1::text IS NULL OR training = $1 COLLATE "C") AND ($2::text IS NULL OR wave = $2 COLLATE "C")
           AND ($3::text[] IS NULL OR unit = ANY ($3::text[] COLLATE "C"))),
       (SELECT to_char(max(reported_at) AT TIME ZONE 'Asia/Ho_Chi_Minh', 'HH24:MI DD/MM/YYYY') FROM bi.headcounts
         WHERE ($1::text IS NULL OR training = $1 COLLATE "C") AND ($2::text IS NULL OR wave = $2 COLLATE "C")
           AND ($3::text[] IS NULL OR unit = ANY ($3::text[] COLLATE "C")))
