#!/usr/bin/env bash
# `make bench [ARGS="--small"]`: both services next to their baselines, in one run on this machine.
. "$(dirname "$0")/../../deploy/dev/common.sh"
. "$RUN/env"
export PYTHONPATH=$ROOT/tests:$ROOT/tests/bench PYTHONDONTWRITEBYTECODE=1
exec "$VENV/bin/python" "$ROOT/tests/bench/bench.py" --folder "$RUN/bench" \
    --binaries "${MOOC_BIN_DIR:-$ROOT/build/release}" "$@"
