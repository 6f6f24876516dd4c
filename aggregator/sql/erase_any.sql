SELECT EXISTS (SELECT FROM archive.erasures)
