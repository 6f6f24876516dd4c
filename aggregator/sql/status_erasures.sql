-- Learner keys whose erasure is not finished, and for how many milliseconds the oldest has been open (NULL: none is).
SELECT count(*), (extract(epoch FROM clock_timestamp() - min(o.since)) * 1000)::bigint
  FROM (SELECT subject, min(at) AS since
          FROM (SELECT subject, asked_at AS at FROM archive.erasures_asked
                UNION ALL
                SELECT subject, folded_at FROM archive.erasures WHERE blanked_at IS NULL) a
         GROUP BY subject) o
