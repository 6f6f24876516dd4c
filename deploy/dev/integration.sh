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
# Most of a test's time is waiting, so three at once fit on two processors; MOOC_TEST_WORKERS is another number. Topics, databases
# and folders are each test's own; the schema they copy is deployed before they ask for it.
[ $# -gt 0 ] || {
    "$ROOT/deploy/dev/schema.sh" mooc_ready_$$ copy
    dropdb mooc_ready_$$
    set -- -n "${MOOC_TEST_WORKERS:-3}" --dist loadscope --no-loadscope-reorder -m "not long" tests/integration tests/harness
}
exec "$VENV/bin/python" -m pytest -p no:cacheprovider -ra --timeout=600 --durations=15 "$@"
