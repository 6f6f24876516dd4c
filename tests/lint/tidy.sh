#!/usr/bin/env bash
# tidy.sh [FILE.c ...]: clang-tidy with .clang-tidy over the files given, else over all services.
set -eu
cd "$(dirname "$0")/../.."

[ $# -gt 0 ] || mapfile -t files < <(git ls-files -co --exclude-standard -- 'common/**.c' 'ingest/**.c' 'aggregator/**.c')
[ $# -eq 0 ] || files=("$@")
[ "${#files[@]}" -gt 0 ] || { echo "tidy: there are no C files yet"; exit 0; }

flags="-std=c11 -I. -Ibuild/release/gen -D_POSIX_C_SOURCE=200809L -D_XOPEN_SOURCE=700 -D_DEFAULT_SOURCE
    -DMOOC_VERSION=\"tidy\" $(pkg-config --cflags rdkafka libpq libcurl libcjson yaml-0.1 libmicrohttpd xlsxwriter libcrypto)"
make -s -f Makefile COMPILING=1 FLAVOUR=release build/release/gen/sql.h build/release/gen/connectors.h
printf '%s\n' "${files[@]}" | xargs -P 2 -I{} clang-tidy --quiet {} -- $flags
echo "tidy: ${#files[@]} files clean"
