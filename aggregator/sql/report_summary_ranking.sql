-- $1: training, $2: province. How many provinces take part, which place the province has by people registered, and the provinces before it:
-- those that have results first.
WITH province AS (
    SELECT DISTINCT ON (province) province, province_name, province_registered, province_rank_registered, provinces, province_passed
      FROM bi.province_ranking
     WHERE training = $1 COLLATE "C" AND province_rank_registered IS NOT NULL
     ORDER BY province
)
SELECT o.provinces, o.province_rank_registered, p.province_name, p.province_registered,
       (SELECT '|' || replace(u.aliases, ' | ', '|') || '|' LIKE '%|Thành phố ' || u.unit_name || '|%' FROM bi.units u WHERE u.unit = o.province)
  FROM province o
  LEFT JOIN province p ON p.province_rank_registered < o.province_rank_registered
 WHERE o.province = $2 COLLATE "C"
 ORDER BY p.province_passed IS NULL, p.province_registered DESC, p.province
