-- The last `verify` of the live generation's whole: how long ago in milliseconds, and how many differences it found.
SELECT (extract(epoch FROM clock_timestamp() - v.began_at) * 1000)::bigint, v.differences
  FROM pulse.verifications v JOIN pulse.live USING (generation)
 WHERE v.training IS NULL AND v.unit IS NULL
 ORDER BY v.verification DESC LIMIT 1
