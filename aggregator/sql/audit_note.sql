SELECT pulse.audit_note($1::text, $2::text, $3::text, $4::integer, $5::integer, $6::jsonb)
