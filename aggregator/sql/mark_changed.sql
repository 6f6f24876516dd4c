-- pulse.changed: when the figures of a unit in a training changed, for tools that fetch only what is new. Of the live generation only: what
-- follows it changes nothing that anybody reads. The first fact of a training changes counts that were empty into zeros, in all its units.
WITH touched AS MATERIALIZED (
    SELECT t.training, t.unit, bool_or(t.facts) AS facts
      FROM unnest($1::text[], $2::text[], $3::boolean[]) AS t (training, unit, facts)
     WHERE 'gen_N' = (SELECT 'gen_' || l.generation FROM pulse.live l)
     GROUP BY t.training, t.unit
), begun AS (
    UPDATE pulse.changed_all SET changed_at = clock_timestamp()
     WHERE EXISTS (SELECT FROM (SELECT DISTINCT training FROM touched WHERE facts) t
                    WHERE NOT EXISTS (SELECT FROM pulse.changed c WHERE c.training = t.training AND c.facts))
)
INSERT INTO pulse.changed AS c (training, unit, changed_at, facts)
SELECT t.training, t.unit, (SELECT clock_timestamp()), t.facts FROM touched t
    ON CONFLICT (training, unit) DO UPDATE SET changed_at = EXCLUDED.changed_at, facts = c.facts OR EXCLUDED.facts
