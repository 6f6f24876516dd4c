SELECT pulse.finish_replay($1::integer)
