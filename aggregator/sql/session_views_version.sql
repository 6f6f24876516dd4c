SELECT schema_version FROM bi.generation
