-- $1: subjects. Each row says which of them it is of.
SELECT array_position($1::uuid[], s.subject) - 1, s.training, encode(s.facts, 'hex') FROM gen_N.states s WHERE s.subject = ANY ($1::uuid[])
