UPDATE pulse.offsets SET writer_epoch = $2::bigint WHERE generation = $1::integer
