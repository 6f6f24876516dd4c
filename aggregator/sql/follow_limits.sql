SELECT o.topic, o.partition, o.next_offset FROM pulse.offsets o JOIN pulse.live l USING (generation)
