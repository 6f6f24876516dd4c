SELECT archive.own_identity()
