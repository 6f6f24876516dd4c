-- $1: training. The ranking in printed order.
SELECT wave, province, printed_name, source, registered, passed, province_name, province_rank_registered, provinces
  FROM bi.province_ranking
 WHERE training = $1
 ORDER BY "position"
