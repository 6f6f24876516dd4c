SELECT pulse.switch_generation($1::integer, $2::integer)
