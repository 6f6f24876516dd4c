CREATE TEMPORARY TABLE reference_folder (folder jsonb) ON COMMIT DROP
