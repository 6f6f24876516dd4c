-- The live generation goes on with the newest config version.
UPDATE pulse.generations SET config_version = (SELECT max(config_version) FROM pulse.config_versions)
 WHERE generation = (SELECT generation FROM pulse.live);
UPDATE pulse.offsets SET config_version = (SELECT max(config_version) FROM pulse.config_versions)
 WHERE generation = (SELECT generation FROM pulse.live);
