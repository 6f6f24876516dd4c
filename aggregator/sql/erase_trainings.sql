SELECT count(DISTINCT training) FROM gen_N.states WHERE subject = ANY ($1::uuid[]) AND training <> ''
