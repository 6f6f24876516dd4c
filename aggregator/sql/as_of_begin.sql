-- One at a time writes the figures as of an instant; it gives what is live.
SELECT g.generation, g.config_version
  FROM (SELECT pg_advisory_xact_lock(hashtext('mooc figures as of an instant'))) AS locked,
       pulse.live JOIN pulse.generations g USING (generation)
