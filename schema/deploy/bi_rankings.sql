-- Deploy mooc_pulse:bi_rankings to pg
-- Published totals and the ranking of provinces. Each window partitions by training: a filter on the training reaches the rows.
BEGIN;
SET LOCAL ROLE mooc_owner;

SELECT pulse.show_figures('published_totals', 'province', $$
SELECT w.training, t.wave, coalesce(w.wave_name, t.wave) COLLATE "vi-x-icu" AS wave_name, w.province, w.province_name,
       t.registered, t.passed, t.passed::numeric / nullif(t.registered, 0) AS pass_rate_registered,
       t.event_time AS published_at, t.source, t.file, t.sheet, nullif(t.row_number, 0) AS "row",
       row_number() OVER (PARTITION BY t.wave ORDER BY t.event_time DESC, t.revision DESC, t.data_hash DESC, t.entity) = 1
           AS is_current,
       greatest((SELECT c.changed_at FROM pulse.changed c WHERE c.training = '' AND c.unit = '*'),
                (SELECT r.changed_at FROM pulse.raised r)) AS changed_at
  FROM pulse.live_totals t LEFT JOIN bi.waves w USING (wave)
 WHERE t.in_force$$);

SELECT pulse.show_figures('province_ranking', 'province', $$
WITH counted AS NOT MATERIALIZED (
    SELECT training, wave, sum(registered)::bigint AS registered, sum(participated)::bigint AS participated, sum(sat)::bigint AS sat,
           sum(passed)::bigint AS passed
      FROM pulse.live_tallies WHERE scope = 'wave' AND unit <> '' GROUP BY training, wave
), figure AS NOT MATERIALIZED (
    -- Nobody took part, nobody sat: no result yet, and that is not zero.
    SELECT w.*, CASE WHEN w.figures = 'published' THEN p.registered ELSE nullif(c.registered, 0) END AS registered,
           CASE WHEN w.figures <> 'published' THEN nullif(c.participated, 0) END AS participated,
           CASE WHEN w.figures = 'published' THEN p.passed WHEN c.sat > 0 OR c.passed > 0 THEN c.passed END AS passed
      FROM bi.waves w
      LEFT JOIN counted c ON c.training = w.training AND c.wave = w.wave
      LEFT JOIN (SELECT DISTINCT ON (wave) wave, registered, passed FROM pulse.live_totals WHERE in_force
                  ORDER BY wave, event_time DESC, revision DESC, data_hash DESC, entity) p ON p.wave = w.wave
), summed AS NOT MATERIALIZED (
    -- Of a province: its waves added up; those without a result take no part in the rate of the others, nor do those who passed of an
    -- unknown number.
    SELECT f.*,
           CASE WHEN province IS NOT NULL THEN sum(registered) OVER province END::bigint AS province_registered,
           CASE WHEN province IS NOT NULL THEN sum(participated) OVER province END::bigint AS province_participated,
           CASE WHEN province IS NOT NULL THEN sum(registered) FILTER (WHERE participated IS NOT NULL) OVER province END::bigint
               AS province_asked,
           CASE WHEN province IS NOT NULL THEN sum(passed) OVER province END::bigint AS province_passed,
           CASE WHEN province IS NOT NULL THEN sum(passed) FILTER (WHERE registered IS NOT NULL) OVER province END::bigint
               AS province_passed_of_known,
           CASE WHEN province IS NOT NULL THEN sum(registered) FILTER (WHERE passed IS NOT NULL) OVER province END::bigint
               AS province_examined,
           (row_number() OVER (PARTITION BY training, province ORDER BY wave) = 1 AND province IS NOT NULL)::integer AS first
      FROM figure f
    WINDOW province AS (PARTITION BY training, province)
), rated AS NOT MATERIALIZED (
    -- Thirty decimals tell any two fractions of people apart, and give equal ones the same value.
    SELECT s.*, round(passed::numeric(50, 30) / nullif(registered, 0), 30) AS exact_pass,
           round(participated::numeric(50, 30) / nullif(registered, 0), 30) AS exact_participation,
           round(province_participated::numeric(50, 30) / nullif(province_asked, 0), 30) AS province_exact_participation,
           round(province_passed_of_known::numeric(50, 30) / nullif(province_examined, 0), 30) AS province_exact_pass
      FROM summed s
)
-- A province with several waves takes one place: places above it are provinces (first), not rows.
SELECT training, training_name,
       row_number() OVER (PARTITION BY training ORDER BY exact_pass DESC NULLS LAST, registered DESC NULLS LAST,
                          printed_name, wave) AS "position",
       province, province_name, wave, wave_name, printed_name, figures AS source, registered, passed,
       passed::numeric / nullif(registered, 0) AS pass_rate_registered,
       CASE WHEN exact_pass IS NOT NULL
            THEN rank() OVER (PARTITION BY training ORDER BY exact_pass DESC NULLS LAST) END AS rank_pass_rate,
       CASE WHEN registered IS NOT NULL
            THEN rank() OVER (PARTITION BY training ORDER BY registered DESC NULLS LAST) END AS rank_registered,
       province_registered,
       CASE WHEN province_registered IS NOT NULL THEN
           sum(first) OVER (PARTITION BY training ORDER BY province_registered DESC NULLS LAST)
           - sum(first) OVER (PARTITION BY training, province_registered) + 1 END AS province_rank_registered,
       CASE WHEN province_registered IS NOT NULL THEN
           sum(first) FILTER (WHERE province_registered IS NOT NULL) OVER (PARTITION BY training) END AS provinces,
       participated, participated::numeric / nullif(registered, 0) AS participation_rate,
       CASE WHEN exact_participation IS NOT NULL
            THEN rank() OVER (PARTITION BY training ORDER BY exact_participation DESC NULLS LAST) END AS rank_participation,
       province_participated, province_participated::numeric / nullif(province_asked, 0) AS province_participation_rate,
       CASE WHEN province_exact_participation IS NOT NULL THEN
           sum(first) OVER (PARTITION BY training ORDER BY province_exact_participation DESC NULLS LAST)
           - sum(first) OVER (PARTITION BY training, province_exact_participation) + 1 END AS province_rank_participation,
       province_passed, province_passed_of_known::numeric / nullif(province_examined, 0) AS province_pass_rate_registered,
       CASE WHEN province_exact_pass IS NOT NULL THEN
           sum(first) OVER (PARTITION BY training ORDER BY province_exact_pass DESC NULLS LAST)
           - sum(first) OVER (PARTITION BY training, province_exact_pass) + 1 END AS province_rank_pass_rate,
       -- Another province's figures move the ranks of all.
       greatest((SELECT c.changed_at FROM pulse.changed_trainings c WHERE c.training = rated.training),
                (SELECT c.changed_at FROM pulse.changed c WHERE c.training = '' AND c.unit = '*'),
                (SELECT r.changed_at FROM pulse.raised r)) AS changed_at
  FROM rated$$);

COMMIT;
