-- The generation kept beside the live one, whole: the newest.
SELECT g.generation, g.fold_version, g.config_version
  FROM pulse.generations g
 WHERE g.state = 'ready' AND g.generation <> (SELECT generation FROM pulse.live)
 ORDER BY g.generation DESC LIMIT 1
