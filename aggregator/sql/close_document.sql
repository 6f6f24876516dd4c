-- $1: document, $2: wave, $3: training, $4: instant, $5: generation, $6: fold version, $7: config version, $8: offsets, $9: checksum,
-- $10: reason, $11: who.
INSERT INTO pulse.closed_documents (doc, wave, training, at, generation, fold_version, config_version, offsets, checksum, reason, closed_by)
VALUES ($1, $2, $3, $4::timestamptz, $5::integer, $6::integer, $7::integer, $8::jsonb, $9, nullif($10, ''), $11)
