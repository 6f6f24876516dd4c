#!/usr/bin/env bash
# Every check of the project, in order, with a summary; a later step still runs when an earlier one
# failed, unless nothing could come of it.
. "$(dirname "$0")/common.sh"
cd "$ROOT"
make="make --no-print-directory -j$(nproc)"
summary="" failures=0

# step NAME COMMAND...: runs it, notes time and outcome.
step() {
    local name=$1 started=$SECONDS outcome=ok
    shift
    printf '\n== %s\n' "$name"
    "$@" || outcome=FAILED
    [ "$outcome" = ok ] || failures=$((failures + 1))
    summary+=$(printf '  %-14s %-7s %4d s' "$name" "$outcome" $((SECONDS - started)))$'\n'
    [ "$outcome" = ok ]
}
finish() {
    printf '\n%s' "$summary"
    [ "$failures" = 0 ] && say "all steps passed" || { say "$failures step(s) failed"; exit 1; }
    exit 0
}

step setup "$ROOT/deploy/dev/setup.sh" || finish
step "build gcc" $make build CC=gcc || finish
step "build clang" $make build CC=clang || true
step "build asan" $make asan || finish
step lint $make lint || true
step unit $make unit || true
step up "$ROOT/deploy/dev/up.sh" || finish
step sql-test "$ROOT/deploy/dev/sql-test.sh" || true
step integration "$ROOT/deploy/dev/integration.sh" || true
finish
