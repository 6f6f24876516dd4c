#!/usr/bin/env bash
# fuzz.sh FOLDER SECONDS: runs each libFuzzer program of FOLDER for so long, from tests/fuzz/corpus/NAME
# where that exists; what it finds anew stays under build/.
set -eu
cd "$(dirname "$0")/../.."

folder=$1 seconds=$2 count=0
for program in "$folder"/fuzz_*; do
    [ -x "$program" ] || continue
    name=$(basename "$program")
    mkdir -p "build/fuzz-corpus/$name" "build/fuzz-findings"
    seeds=tests/fuzz/corpus/${name#fuzz_}
    [ -d "$seeds" ] || seeds=
    echo "== $name, $seconds s"
    "$program" -max_total_time="$seconds" -print_final_stats=0 -verbosity=0 -timeout=10 \
        -rss_limit_mb=2048 -artifact_prefix="build/fuzz-findings/$name-" \
        "build/fuzz-corpus/$name" $seeds
    count=$((count + 1))
done
echo "fuzz: $count programs, nothing found"
