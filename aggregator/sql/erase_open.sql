-- Handed over, and not counted by anybody.
SELECT count(*), to_char(min(a.asked_at) AT TIME ZONE 'Asia/Ho_Chi_Minh', 'DD/MM/YYYY HH24:MI')
  FROM archive.erasures_asked a
 WHERE NOT EXISTS (SELECT FROM archive.erasures e WHERE e.subject = a.subject)
