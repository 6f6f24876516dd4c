SELECT count(*) FROM archive.erasures WHERE subject = ANY ($1::uuid[])
