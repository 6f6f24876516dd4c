SELECT pulse.begin_replay($1::integer, $2::integer)
