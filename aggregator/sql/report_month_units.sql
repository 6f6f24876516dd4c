-- $1: training, $2: unit or NULL, $3: first day of the month. The units right below the top (or below $2), each with all below it, and the
-- people of the top itself: who is new in the month, who there was by its end, and, as they are known now, plan, list, completed, certified.
WITH RECURSIVE line AS (
    -- Who ended counts with its one heir; who was split, or has none, is a row of its own, and passed over by those below it.
    SELECT unit, CASE WHEN heir THEN successor ELSE parent END AS above, heir, ended
      FROM (SELECT unit, parent, successor, ended, coalesce(ended AND successor NOT LIKE '% | %', false) AS heir
              FROM bi.units, LATERAL (SELECT coalesce(valid_to < (SELECT today FROM bi.generation), false) AS ended) e) u
), place AS (
    SELECT unit, unit AS row_unit, 0 AS depth, false AS passed_over FROM line
     WHERE CASE WHEN $2::text IS NULL THEN above IS NULL ELSE unit = $2 COLLATE "C" END
    UNION
    SELECT l.unit, CASE WHEN NOT l.heir AND (p.depth = 0 OR p.passed_over) THEN l.unit ELSE p.row_unit END,
           CASE WHEN l.heir THEN p.depth ELSE 1 END,
           CASE WHEN l.heir THEN p.passed_over ELSE l.ended AND (p.depth = 0 OR p.passed_over) END
      FROM place p JOIN line l ON l.above = p.unit
), people AS (
    SELECT p.row_unit, sum(m.registered)::bigint AS registered, count(m.participated) > 0 AS seen, sum(m.completed)::bigint AS completed,
           sum(m.certified)::bigint AS certified
      FROM bi.participation_training m JOIN place p ON p.unit = m.unit
     WHERE m.training = $1 COLLATE "C" GROUP BY p.row_unit
), daily AS (
    SELECT p.row_unit, sum(d.new_participants) FILTER (WHERE d.day >= $3::date) AS new_participants,
           sum(d.newly_passed) FILTER (WHERE d.day >= $3::date) AS newly_passed, sum(d.new_participants) AS participated,
           sum(d.newly_passed) AS passed
      FROM bi.participation_daily d JOIN place p ON p.unit = d.unit
     WHERE d.training = $1 COLLATE "C" AND d.day < ($3::date + interval '1 month')::date
     GROUP BY p.row_unit
)
SELECT r.row_unit, u.printed_name, CASE WHEN r.depth = 1 THEN n.planned END, f.registered,
       CASE WHEN f.seen THEN coalesce(d.new_participants, 0)::bigint END, CASE WHEN f.seen THEN coalesce(d.newly_passed, 0)::bigint END,
       CASE WHEN f.seen THEN coalesce(d.participated, 0)::bigint END, CASE WHEN f.seen THEN coalesce(d.passed, 0)::bigint END,
       f.completed, f.certified
  FROM (SELECT row_unit, max(depth) AS depth FROM place GROUP BY row_unit) r
  JOIN bi.units u ON u.unit = r.row_unit
  LEFT JOIN people f ON f.row_unit = r.row_unit
  LEFT JOIN daily d ON d.row_unit = r.row_unit
  LEFT JOIN bi.training_plans($1) n ON n.unit = r.row_unit
 WHERE f.registered IS NOT NULL OR (r.depth = 1 AND n.planned IS NOT NULL)
 ORDER BY r.depth, u.print_order NULLS LAST, u.printed_name, r.row_unit
