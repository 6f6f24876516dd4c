-- $1: wave. How many people are on its lists.
SELECT sum(registered)::bigint FROM bi.participation WHERE wave = $1 COLLATE "C"
