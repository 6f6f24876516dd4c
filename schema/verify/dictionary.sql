-- Verify mooc_pulse:dictionary on pg
SELECT view_name, column_name, label, label_en, definition, definition_en, additive, grain, rows FROM bi.dictionary WHERE false;
SELECT 1 / (count(*) = 0)::integer FROM bi.dictionary WHERE label IS NULL;
