-- Revert mooc_pulse:retention from pg
BEGIN;
DROP FUNCTION pulse.note_sizes();
DROP FUNCTION pulse.sizes_now();
DROP TABLE pulse.sizes;
DROP FUNCTION archive.note_import(date);
DROP FUNCTION archive.claim_import(uuid, text, integer[], bigint[], bigint[], text[], date[], integer[], bigint[], bigint[], bigint[],
                                   bigint[], bigint[]);
DROP FUNCTION archive.attach_month(date);
DROP FUNCTION archive.detach_month(date, boolean);
DROP FUNCTION archive.detach_table(text);
DROP TABLE archive.detached;
DROP FUNCTION archive.note_export(date, text, integer[], bigint[], bigint[]);
DROP TABLE archive.exports;
DROP FUNCTION archive.month_sums(date);
DROP FUNCTION archive.record_hash(bigint, timestamptz, text, bytea);
DROP FUNCTION archive.adopt_identity(uuid);
DROP FUNCTION archive.own_identity();
DROP TABLE archive.identity;
COMMIT;
