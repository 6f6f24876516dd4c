SELECT unit, coalesce(above, ''), (tree = 'territory')::integer,
       CASE WHEN isfinite(valid_from) THEN valid_from::text ELSE '' END, CASE WHEN isfinite(valid_to) THEN valid_to::text ELSE '' END
  FROM pulse.unit_lines ORDER BY unit, tree, valid_from
