#!/usr/bin/env bash
# up.sh [--reset-db]: starts this checkout's private Kafka and PostgreSQL, with topics and schema; what is up stays up. With
# --reset-db database mooc is made anew, as it must be when a change that it has was edited.
# Connection settings for other programs are left in .run/env.
. "$(dirname "$0")/common.sh"
here=$ROOT/deploy/dev

[ -x "$VENV/bin/python" ] && [ -d "$KAFKA_LIBS" ] || "$here/setup.sh"
"$here/postgres.sh" start &
postgres=$!
"$here/kafka.sh" start
wait "$postgres"

kafka_port=$(cut -d' ' -f1 "$KAFKA_DIR/ports")
cat >"$RUN/env.new" <<EOF
export MOOC_KAFKA_BROKERS=127.0.0.1:$kafka_port
export KAFKA_PORT=$kafka_port
export PGHOST=127.0.0.1
export PGPORT=$(cat "$RUN/pg.ports")
export PGUSER=postgres
export PGDATABASE=mooc
export MOOC_PG_SOCKETS='$(cat "$RUN/pg.sockets")'
export MOOC_PYTHON='$VENV/bin/python'
EOF
mv "$RUN/env.new" "$RUN/env"
"$here/topics.sh"
[ "${1:-}" != --reset-db ] || (. "$RUN/env" && dropdb --if-exists --force mooc)
"$here/schema.sh"
