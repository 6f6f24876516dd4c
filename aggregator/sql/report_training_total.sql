-- $1: training, $2: unit or NULL. The people of the training, of the unit with all below it: each person once, whatever waves they are in;
-- and how many of them are on no roster.
SELECT sum(planned)::bigint, sum(registered)::bigint, sum(accounts)::bigint, sum(participated)::bigint, sum(completed)::bigint,
       sum(sat)::bigint, sum(passed)::bigint, sum(certified)::bigint,
       (SELECT p.not_registered FROM bi.participation_training p WHERE p.training = $1 COLLATE "C" AND p.unit IS NULL)
  FROM bi.unit_rollup_training
 WHERE training = $1 COLLATE "C" AND tree = 'management' AND is_current
   AND CASE WHEN $2::text IS NULL THEN level = 0 ELSE unit = $2 COLLATE "C" END
