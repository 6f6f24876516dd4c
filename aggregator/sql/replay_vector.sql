SELECT topic, partition, next_offset FROM pulse.offsets WHERE generation = $1::integer ORDER BY topic, partition
