DELETE FROM gen_N.issues i
 USING unnest($1::text[], $2::uuid[], $3::text[], $4::text[]) AS gone (kind, subject, wave, unit)
 WHERE i.kind = gone.kind AND i.subject = gone.subject AND i.wave = gone.wave AND i.unit = gone.unit
