SELECT o.topic, o.partition, o.next_offset, o.config_version, o.writer_epoch
  FROM pulse.offsets o
 WHERE o.generation = $1::integer
