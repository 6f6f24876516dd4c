-- The codes of all waves: those whose learners are counted, and those with published totals only.
SELECT coalesce(string_agg(wave, ', ' ORDER BY wave) FILTER (WHERE figures = 'counted'), ''),
       coalesce(string_agg(wave, ', ' ORDER BY wave) FILTER (WHERE figures = 'published'), '')
  FROM bi.waves
