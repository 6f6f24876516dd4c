-- What the figures were when a backup was made, as one JSON object: for whoever reads it, and for the config that is live again after a
-- restore. The offset vectors say how far was counted.
SELECT json_build_object(
    'schema_version', (SELECT max(version) FROM pulse.schema_version),
    'generation', g.generation, 'fold_version', g.fold_version, 'config_version', g.config_version,
    'generations', (SELECT json_agg(json_build_object('generation', a.generation, 'fold_version', a.fold_version,
                                                      'config_version', a.config_version, 'created_at', a.created_at)
                                    ORDER BY a.generation)
                      FROM pulse.generations a),
    'offsets', (SELECT coalesce(json_agg(json_build_object('generation', o.generation, 'topic', o.topic, 'partition', o.partition,
                                                           'next_offset', o.next_offset)
                                         ORDER BY o.generation, o.topic, o.partition), '[]')
                  FROM pulse.offsets o),
    'archive_offsets', (SELECT coalesce(json_agg(json_build_object('topic', o.topic, 'partition', o.partition,
                                                                   'next_offset', o.next_offset)
                                                 ORDER BY o.topic, o.partition), '[]')
                          FROM archive.offsets o))
  FROM pulse.live JOIN pulse.generations g USING (generation)
