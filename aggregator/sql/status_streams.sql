-- How old each source's streams are; lists and totals come when somebody sends them and do not grow stale.
SELECT source, stream, to_char(complete_through AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
       (extract(epoch FROM age) * 1000)::bigint, substreams, substreams_complete, records, rejected_records,
       stream NOT IN ('roster', 'totals')
  FROM bi.freshness
 ORDER BY source, stream
