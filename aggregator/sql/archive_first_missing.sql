-- The first month that the archive does not hold itself.
SELECT to_char(min(month), 'YYYY-MM') FROM archive.detached
