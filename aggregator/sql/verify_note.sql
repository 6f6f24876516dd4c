INSERT INTO pulse.verifications (generation, config_version, training, unit, vector, began_at, seconds, checks, compared, differences)
VALUES ($1::integer, $2::integer, nullif($3::text, ''), nullif($4::text, ''), $5::jsonb, $6::timestamptz, $7::double precision, $8::jsonb,
        $9::bigint, $10::bigint)
