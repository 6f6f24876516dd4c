SELECT subject FROM archive.erasures ORDER BY subject
