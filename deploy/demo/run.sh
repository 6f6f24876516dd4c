#!/usr/bin/env bash
# `make demo`: the main job, on the stack that `make up` started.
. "$(dirname "$0")/../dev/common.sh"
. "$RUN/env"
export PYTHONPATH=$ROOT/tests PYTHONDONTWRITEBYTECODE=1
exec "$VENV/bin/python" "$ROOT/deploy/demo/demo.py" --folder "$RUN/demo" \
    --binaries "${MOOC_BIN_DIR:-$ROOT/build/release}" "$@"
