INSERT INTO archive.offsets (topic, partition, next_offset, generation)
SELECT $2::text, p, 0, $1::integer FROM generate_series(0, $3::integer - 1) AS p
    ON CONFLICT DO NOTHING
