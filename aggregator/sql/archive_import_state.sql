-- Was this export's import begun here before? Then its vector stands, and its months are detached or loaded.
SELECT EXISTS (SELECT FROM archive.identity WHERE id = $1::uuid)
   AND EXISTS (SELECT FROM archive.offsets WHERE topic = $2 AND next_offset > 0)
