SELECT source_table, row_count, checksum FROM pulse.generation_checksums($1::integer)
