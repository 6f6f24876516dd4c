-- $1: training or NULL, $2: wave or NULL, $3: units or NULL, $4: first day of a month or NULL. Attendances by activity and audience, activities
-- as they stand in the forms; a form without a day belongs to the month in which it came.
SELECT h.activity, h.audience, min(h.audience_name),
       (SELECT string_agg(coalesce(a.audience_name_en, x.code), ' | ' ORDER BY x.n)
          FROM unnest(string_to_array(h.audience, ' | ')) WITH ORDINALITY AS x (code, n)
          LEFT JOIN bi.audiences a ON a.audience = x.code COLLATE "C"),
       sum(h.attendances)::bigint
  FROM (SELECT *, min("row") OVER (PARTITION BY activity) AS first_row FROM bi.headcounts) h
 WHERE ($1::text IS NULL OR h.training = $1 COLLATE "C") AND ($2::text IS NULL OR h.wave = $2 COLLATE "C")
   AND ($3::text[] IS NULL OR h.unit = ANY ($3::text[] COLLATE "C"))
   AND ($4::date IS NULL OR date_trunc('month', coalesce(h.day, (h.reported_at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date)) = $4::date)
 GROUP BY h.activity, h.audience, h.first_row
 ORDER BY h.first_row NULLS LAST, h.activity, h.audience
