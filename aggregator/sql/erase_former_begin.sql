CREATE TEMPORARY TABLE IF NOT EXISTS erase_former (subject uuid NOT NULL, identifier uuid NOT NULL, name bigint)
