-- Verify mooc_pulse:bi_rankings on pg
SELECT wave, registered, passed, is_current FROM bi.published_totals WHERE false;
SELECT wave, "position", source, rank_pass_rate, province_rank_registered, provinces, rank_participation FROM bi.province_ranking
 WHERE false;
