#!/usr/bin/env bash
# run.sh PROGRAM ...: runs cmocka programs, one for each processor at once, shows what failed, ends with one line of totals.
set -u
export ASAN_OPTIONS=${ASAN_OPTIONS:-detect_leaks=1:strict_string_checks=1}
export UBSAN_OPTIONS=${UBSAN_OPTIONS:-print_stacktrace=1}
export CMOCKA_MESSAGE_OUTPUT=STDOUT

outputs=$(mktemp -d)
trap 'rm -r "$outputs"' EXIT
printf '%s\0' "$@" | xargs -0 -n 1 -P "$(nproc)" sh -c '
    timeout 300 "$2" >"$1/$(basename "$2")" 2>&1
    echo $? >"$1/$(basename "$2").code"' run "$outputs"

passed=0 failed=0
for program in "$@"; do
    name=$(basename "$program")
    output=$(<"$outputs/$name")
    code=$(cat "$outputs/$name.code")
    ok=$(grep -c '^\[       OK \]' <<<"$output")
    # cmocka names the failures a second time after its "test(s) run." line.
    bad=$(sed '/^\[=*\] .* run\.$/q' <<<"$output" | grep -c '^\[  FAILED  \]')
    # A program that died in the middle, or whose sanitizer spoke at its end, failed too.
    [ "$code" = 0 ] || [ "$bad" -gt 0 ] || bad=1
    if [ "$bad" -gt 0 ] || [ "$code" != 0 ]; then
        printf '%s\n' "$output"
        printf '%s: exit code %s\n' "$name" "$code"
    fi
    printf '  %-32s %4d passed %4d failed\n' "$name" "$ok" "$bad"
    passed=$((passed + ok)) failed=$((failed + bad))
done
echo "unit tests: $passed passed, $failed failed"
[ "$failed" = 0 ]
