-- Lists within a unit's row are joined by U+001F, which no code and no name holds.
SELECT u.unit, u.name, u.printed_name, u.kind, coalesce(u.parent, ''), coalesce(u.territory, ''), coalesce(u.official_code, ''),
       coalesce(u.valid_from::text, ''), coalesce(u.valid_to::text, ''), u.print_order,
       coalesce((SELECT string_agg(s.successor, E'\x1f' ORDER BY s.successor) FROM pulse.unit_successors s WHERE s.unit = u.unit), ''),
       coalesce((SELECT string_agg(a.alias, E'\x1f' ORDER BY a.alias) FROM pulse.unit_aliases a WHERE a.unit = u.unit), '')
  FROM pulse.units u ORDER BY u.print_order, u.unit
