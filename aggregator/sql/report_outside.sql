-- $1: training. How many people with facts of it are on no roster.
SELECT not_registered FROM bi.participation_training WHERE training = $1 COLLATE "C" AND unit IS NULL
