SELECT pulse.drop_generation($1::integer)
