-- $1: fingerprint of the folder. Gives the number of the new version.
INSERT INTO pulse.config_versions (config_version, fingerprint)
SELECT max(config_version) + 1, $1 FROM pulse.config_versions
RETURNING config_version
