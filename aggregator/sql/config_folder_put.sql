INSERT INTO reference_folder (folder) VALUES ($1::jsonb)
