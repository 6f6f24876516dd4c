-- $1: training, $2: sources with commas between them. Those of them that do not feed it, and those that do; as text, NULL: none.
WITH feeding AS (
    SELECT DISTINCT source FROM pulse.training_streams WHERE training = $1 COLLATE "C"
)
SELECT (SELECT string_agg(DISTINCT trim(w), ', ' ORDER BY trim(w)) FROM string_to_table($2, ',') w
         WHERE trim(w) COLLATE "C" NOT IN (SELECT source FROM feeding)),
       (SELECT string_agg(source, ', ' ORDER BY source) FROM feeding)
