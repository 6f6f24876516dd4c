-- $1: sources that people feed, with commas between them. How old each source's streams are; lists and totals come when somebody sends
-- them and do not grow stale. A platform that courses are of and of which nothing is known at all has a row without stream.
WITH by_hand AS (SELECT trim(w) COLLATE "C" AS source FROM string_to_table($1, ',') w)
SELECT source, stream, to_char(complete_through AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
       (extract(epoch FROM age) * 1000)::bigint, substreams, substreams_complete, records, rejected_records,
       stream NOT IN ('roster', 'totals', 'headcounts') AND NOT EXISTS (SELECT FROM by_hand h WHERE h.source = f.source),
       (SELECT max(p.every_s) FROM pulse.substreams p WHERE p.source = f.source AND p.stream = f.stream)
  FROM bi.freshness f
UNION ALL
SELECT DISTINCT s.source, '', NULL, NULL::bigint, 0, 0, 0, 0, true, 0
  FROM pulse.training_streams s
 WHERE s.stream IS NULL
   AND s.source NOT IN (SELECT source FROM bi.freshness UNION ALL SELECT source FROM by_hand)
   -- Results that are handed in as they come are never swept.
   AND NOT EXISTS (SELECT FROM pulse.live_tallies t WHERE t.scope = 'platform' AND t.training = s.training AND t.value = s.source)
 ORDER BY source, stream
