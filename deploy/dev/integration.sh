#!/usr/bin/env bash
# integration.sh [arguments of pytest]: tests/integration with the sanitized binaries, and the tests of their harness.
. "$(dirname "$0")/common.sh"
. "$RUN/env"

compgen -G "$ROOT/tests/integration/test_*.py" >/dev/null || {
    say "integration: tests/integration holds no test yet"
    exit 0
}
export MOOC_BIN_DIR=${MOOC_BIN_DIR:-$ROOT/build/asan}
export ASAN_OPTIONS=${ASAN_OPTIONS:-detect_leaks=1} UBSAN_OPTIONS=${UBSAN_OPTIONS:-print_stacktrace=1}
export PYTHONDONTWRITEBYTECODE=1
cd "$ROOT"
[ $# -gt 0 ] || set -- -m "not long" tests/integration tests/harness
exec "$VENV/bin/python" -m pytest -p no:cacheprovider -ra --timeout=600 --durations=15 "$@"
