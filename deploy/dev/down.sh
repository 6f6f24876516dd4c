#!/usr/bin/env bash
# down.sh [--wipe]: stops what up.sh started, by pid; --wipe also removes the data.
. "$(dirname "$0")/common.sh"
here=$ROOT/deploy/dev

"$here/kafka.sh" stop
"$here/postgres.sh" stop
if [ "${1:-}" = --wipe ]; then
    "$here/postgres.sh" wipe
    rm -rf "$KAFKA_DIR/data" "$KAFKA_DIR/ports" "$RUN/env"
fi
