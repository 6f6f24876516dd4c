SELECT archive.claim_import($1::uuid, $2, $3::integer[], $4::bigint[], $5::bigint[], $6::text[], $7::date[], $8::integer[], $9::bigint[],
                            $10::bigint[], $11::bigint[], $12::bigint[], $13::bigint[])
