SELECT max(version) FROM pulse.schema_version
