SELECT archive.erasures_blanked($1::uuid[])
