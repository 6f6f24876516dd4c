#!/usr/bin/env bash
# topics.sh [options of topics.py]: creates the contract's topics on this stack's Kafka.
. "$(dirname "$0")/common.sh"
. "$RUN/env"
exec "$VENV/bin/python" "$ROOT/deploy/dev/topics.py" --brokers "$MOOC_KAFKA_BROKERS" "$@"
