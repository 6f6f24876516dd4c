DELETE FROM gen_N.members WHERE subject = ANY ($1::uuid[])
