#!/usr/bin/env bash
# `make compose-test`: docker-compose.yml is really run, as a project of its own with ports of its own.
# The whole demo passes through it; then it is taken down, and what was started here is ended.
export MOOC_COMPOSE_PROJECT=mooc-pulse-test
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/common.sh"
here=$ROOT/deploy/docker

export MOOC_SECRETS=$RUN/compose-test/secrets
mkdir -p "$RUN/compose-test"
read -r MOOC_POSTGRES_PORT MOOC_AGGREGATOR_PORT MOOC_INGEST_PORT MOOC_PLATFORM_PORT \
    <<<"$(free_ports "$RUN/compose-test/ports" 4)"
export MOOC_POSTGRES_PORT MOOC_AGGREGATOR_PORT MOOC_INGEST_PORT MOOC_PLATFORM_PORT
export MOOC_PLATFORM_SPEED=0              # the week begins when all is ready

engine_was_there=yes
use_engine || engine_was_there=no
finish() {
    local code=$?
    trap '' INT TERM
    ! use_engine || compose down --volumes --remove-orphans >/dev/null 2>&1 || true
    rm -rf "$MOOC_SECRETS"
    [ "$engine_was_there" = yes ] || "$here/engine.sh" stop
    exit "$code"
}
trap finish EXIT
trap 'exit 130' INT TERM

"$here/engine.sh" start
need_engine
"$here/images.sh"
"$here/secrets.sh"
compose down --volumes --remove-orphans >/dev/null 2>&1      # what a killed run left

PYTHONPATH=$ROOT/tests:$ROOT/tests/platforms PYTHONDONTWRITEBYTECODE=1 \
    "$VENV/bin/python" "$ROOT/deploy/demo/compose_test.py" --folder "$RUN/compose-test/demo"
