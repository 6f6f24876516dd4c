-- What of the staged folder changes how figures are counted, but for the rules of one training ($1).
SELECT thing || ' ' || code FROM config_pairs
 WHERE old IS DISTINCT FROM new AND position >= 10 AND NOT (thing = 'training' AND code = $1 AND old IS NOT NULL AND new IS NOT NULL)
 ORDER BY position, code LIMIT 5
