#!/usr/bin/env bash
# Makes a Debian 12 machine able to build and test this checkout: packages, Kafka jars, a Python
# venv. Each step leaves a stamp in .run/stamp, so a second run does nothing and needs no network.
. "$(dirname "$0")/common.sh"

PACKAGES="gcc clang libclang-rt-14-dev clang-format clang-tidy universal-ctags make pkg-config
    postgresql-15 postgresql-client-15 postgresql-15-pgtap libtap-parser-sourcehandler-pgtap-perl
    sqitch libdbd-pg-perl librdkafka-dev libpq-dev libcurl4-openssl-dev libcjson-dev libyaml-dev
    libmicrohttpd-dev libxlsxwriter-dev libssl-dev zlib1g-dev libunistring-dev libcmocka-dev xlsx2csv
    python3-venv openssl"

mkdir -p "$TOOLS/stamp"
lock "$TOOLS/stamp"

# done_already STEP KEY: the step was finished with this very KEY.
done_already() { [ "$(cat "$TOOLS/stamp/$1" 2>/dev/null)" = "$2" ]; }
finished() { printf '%s' "$2" >"$TOOLS/stamp/$1"; }
sum() { sha256sum "$@" | cut -c1-64 | tr '\n' ' '; }

install_packages() {
    command -v dpkg-query >/dev/null || {
        say "setup: not a Debian system; install what corresponds to:" $PACKAGES "java 17, maven"
        return 0
    }
    local wanted=$PACKAGES missing="" as_root="" p
    command -v java >/dev/null || wanted="$wanted openjdk-17-jre-headless"
    command -v mvn >/dev/null || wanted="$wanted maven"
    for p in $wanted; do
        dpkg-query -W -f '${db:Status-Abbrev}' "$p" 2>/dev/null | grep -q '^ii' || missing="$missing $p"
    done
    [ -n "$missing" ] || return 0
    say "setup: installing$missing"
    if [ "$(id -u)" != 0 ]; then
        command -v sudo >/dev/null || die "packages are missing and there is neither root nor sudo.
As root: apt-get install$missing"
        as_root=sudo
    fi
    # RUNLEVEL=1: where it can be helped, Debian's own PostgreSQL service is not started.
    $as_root env DEBIAN_FRONTEND=noninteractive apt-get update -q
    $as_root env DEBIAN_FRONTEND=noninteractive RUNLEVEL=1 \
        apt-get install -q -y --no-install-recommends $missing
}

fetch_kafka() {
    local new=$TOOLS/kafka/libs.new
    say "setup: fetching the Kafka jars (deploy/dev/pom.xml)"
    rm -rf "$new"
    mvn -B -q -Dstyle.color=never -f "$ROOT/deploy/dev/pom.xml" dependency:copy-dependencies \
        -DincludeScope=runtime -DoutputDirectory="$new" ||
        die "the Kafka jars could not be fetched; is Maven Central reachable?"
    rm -rf "$KAFKA_LIBS"
    mv "$new" "$KAFKA_LIBS"
}

make_venv() {
    local python=/usr/bin/python3
    "$python" -c 'import ensurepip, venv' 2>/dev/null || python=python3
    say "setup: Python packages into $VENV"
    rm -rf "$VENV"
    "$python" -m venv "$VENV"
    "$VENV/bin/pip" install -q --disable-pip-version-check -r "$ROOT/tests/requirements.txt" ||
        die "the Python packages could not be installed; is the package index reachable?"
}

key="$PACKAGES $(sum "$0")"
done_already packages "$key" || { install_packages && finished packages "$key"; }

key=$(sum "$ROOT/deploy/dev/pom.xml")
mkdir -p "$TOOLS/kafka"
{ done_already kafka "$key" && [ -d "$KAFKA_LIBS" ]; } || { fetch_kafka && finished kafka "$key"; }

# A venv cannot be moved, hence its path is part of the key.
key="$VENV $(sum "$ROOT/tests/requirements.txt")"
{ done_already venv "$key" && [ -x "$VENV/bin/python" ]; } || { make_venv && finished venv "$key"; }
