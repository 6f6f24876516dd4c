#!/usr/bin/env bash
# What the project forbids itself. Prints every finding as FILE:LINE: what; exit 1 if there is any.
set -u
cd "$(dirname "$0")/../.."

# Each use of a library has one owner: only the files named here include its header. librdkafka has one for
# the set-up and one that asks for topics' settings; in each service one producer, one consumer; in
# ingest one that shares out shards. zlib has one for gzip files and one for the parts of a workbook.
OWNERS='
libpq-fe.h                aggregator/pg_private.h
curl/                     ingest/http/transport.c
librdkafka/               common/kafka_conf.c common/topic_settings.c ingest/shard/publisher.c ingest/state/log_reader.c ingest/shard/ownership.c aggregator/write/log_reader_private.h aggregator/archive/log_writer.c
cJSON.h                   common/json.c
yaml.h                    common/yaml.c
microhttpd.h              common/metrics.c
xlsxwriter.h              common/xlsx_book.c
openssl/                  common/crypto.c
zlib.h                    aggregator/archive/gzip_file.c common/package.c
uni                       common/text.c
iconv.h                   common/text_encoding.c
'
MAX_FILE=450
MAX_FUNCTION=80
BANNED='sprintf|vsprintf|strcpy|strcat|gets|strtok|atoi|atol|atof'

findings=0
finding() {
    printf '%s\n' "$*"
    findings=$((findings + 1))
}
# report WHAT: each line on standard input (FILE:LINE:...) becomes a finding.
report() {
    local line
    while IFS= read -r line; do finding "$line  <- $1"; done
}
files() { git ls-files -co --exclude-standard -- "$@" | while IFS= read -r f; do [ -f "$f" ] && echo "$f"; done; }
matches() {
    local pattern=$1
    shift
    files "$@" | xargs -r -d '\n' grep -HnIE -- "$pattern"
}

services='common/**.c common/**.h ingest/**.c ingest/**.h aggregator/**.c aggregator/**.h'
set -f

check_owners() {
    local header owners exclude line
    while read -r header owners; do
        [ -n "$header" ] || continue
        exclude=$(for o in $owners; do printf ' :!%s' "$o"; done)
        report "only $owners may include <$header>" \
            < <(matches "^ *# *include *<$header" $services $exclude | grep -v '<unistd\.h>')
    done <<<"$OWNERS"
}

check_directions() {
    report "services do not include each other" < <(matches '#include "(\.\./)*aggregator/' 'ingest/**.[ch]')
    report "services do not include each other" < <(matches '#include "(\.\./)*ingest/' 'aggregator/**.[ch]')
    report "common includes no service" < <(matches '#include "(\.\./)*(ingest|aggregator)/' 'common/**.[ch]')
}

check_lengths() {
    report "a file has at most $MAX_FILE lines" < <(files '*.c' |
        xargs -r -d '\n' awk -v max=$MAX_FILE 'FNR == max + 1 {print FILENAME ":" FNR ":"}')
    if ctags --version 2>/dev/null | grep -q '^Universal'; then
        report "a function has at most $MAX_FUNCTION lines" < <(files '*.c' |
            ctags -L - --fields=+ne --languages=C --c-kinds=f -f - 2>/dev/null | awk -F'\t' -v max=$MAX_FUNCTION '
                {
                    first = last = 0
                    for (i = 4; i <= NF; i++) {
                        if ($i ~ /^line:/) first = substr($i, 6)
                        if ($i ~ /^end:/) last = substr($i, 5)
                    }
                    if (last - first + 1 > max) print $2 ":" first ": " $1 " has " last - first + 1
                }')
    else
        echo "lint: function lengths not checked: universal-ctags is not installed"
    fi
}

check_words() {
    report "banned call" < <(matches "(^|[^A-Za-z0-9_>.])($BANNED) *\(" '*.c' '*.h' |
        grep -vE '^[^:]*:[0-9]+: *(\*|/\*|//)')
    report "unfinished" < <(matches '\b(T[O]DO|F[I]XME|X[X]X)\b' '*.c' '*.h' '*.py' '*.sql' '*.sh' \
        '*.awk' '*.yaml' '*.yml' 'Makefile')
}

check_format() {
    local f
    if ! command -v clang-format >/dev/null; then
        echo "lint: format not checked: clang-format is not installed"
        return
    fi
    for f in $(files '*.c' '*.h'); do
        clang-format --dry-run -Werror "$f" 2>/dev/null || finding "$f:1:  <- run: clang-format -i $f"
    done
}

check_scripts() {
    local f
    for f in $(files '*.sh' .ci/run); do
        bash -n "$f" || finding "$f:1:  <- syntax"
    done
}

# An alert on a metric that nobody exports never fires, and a panel on it stays empty.
check_metrics() {
    local metric
    for metric in $(files 'deploy/monitoring/*' | xargs -r -d '\n' grep -ohE '\b(mooc_[a-z]+_[a-z_]+|process_[a-z_]+)\b' | sort -u); do
        grep -rqE --include='*.c' "[\"\\ ]$metric[\"{ \\]" common ingest aggregator || finding "deploy/monitoring: no program exports $metric"
    done
}

# A new database begins with a generation of the rules that this program counts by, and SQL includes no header.
check_fold_version() {
    local program schema
    program=$(sed -nE 's/^#define FOLD_VERSION ([0-9]+)$/\1/p' aggregator/fold/fold.h)
    schema=$(sed -nE 's/^SELECT pulse\.create_generation\(1, ([0-9]+), 0\);$/\1/p' schema/deploy/generation.sql)
    [ -n "$program" ] && [ "$program" = "$schema" ] ||
        finding "schema/deploy/generation.sql: the first generation is of fold version ${schema:-?}, aggregator/fold/fold.h says ${program:-?}"
}

check_owners
check_directions
check_lengths
check_words
check_format
check_scripts
check_metrics
check_fold_version
echo "lint: $findings finding(s)"
[ "$findings" = 0 ]
