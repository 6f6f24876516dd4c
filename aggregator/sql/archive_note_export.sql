SELECT partition, exported, archived
  FROM archive.note_export(($1 || '-01')::date, $2, $3::integer[], $4::bigint[], $5::bigint[])
