SELECT pulse.index_generation($1::integer, $2::text)
