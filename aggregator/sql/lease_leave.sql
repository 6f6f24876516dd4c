-- As lease_release, over another connection: the old one's backend stays noted, so that whoever takes over ends it should it still live.
UPDATE pulse.writers SET heartbeat_at = NULL WHERE generation = $1::integer AND epoch = $2::bigint
