-- Whose rows of lists have an issue: subject, in no order. $1: wave or NULL, $2: unit or NULL.
SELECT DISTINCT subject FROM pulse.live_issues
 WHERE file <> '' AND ($1::text IS NULL OR wave = $1 COLLATE "C") AND ($2::text IS NULL OR unit = $2 COLLATE "C")
