COPY archive.events (partition, "offset", log_time, id, type, source, subject, entity, revision, previous, event_time,
                     data_hash, value) FROM STDIN (FORMAT binary)
