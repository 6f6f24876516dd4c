#!/usr/bin/env bash
# images.sh: every image that docker-compose.yml names. Official ones come from their registry, or,
# where none can be reached, stand-ins with the same names and interface are built from Debian
# packages and the Kafka jars of deploy/dev/pom.xml; the project's own are built from the checkout.
#
#   MOOC_IMAGES=stand-ins   do not even ask the registry
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/common.sh"
here=$ROOT/deploy/docker
need_engine

BASE=debian:12-slim KAFKA=apache/kafka:4.1.1 POSTGRES=postgres:15-bookworm
LABEL=vn.mooc-pulse                       # what was built here: "stand-in" or "own"
scratch=$(mktemp -d "$RUN/images.XXXXXX")
trap 'rm -rf "$scratch"' EXIT

have() { docker image inspect "$1" >/dev/null 2>&1; }
is_stand_in() { [ "$(docker image inspect -f "{{index .Config.Labels \"$LABEL\"}}" "$1")" = stand-in ]; }

quietly() {
    "$@" >"$scratch/log" 2>&1 || {
        tail -n 30 "$scratch/log" >&2
        return 1
    }
}

# build NAME CONTEXT [OPTION...]: this machine's network and proxies serve the build.
build() {
    local name=$1 context=$2 p proxies=()
    shift 2
    for p in http_proxy https_proxy no_proxy; do [ -z "${!p:-}" ] || proxies+=(--build-arg "$p"); done
    quietly docker build --network host "${proxies[@]}" -t "$name" "$@" "$context" || die "image $name could not be built"
}

pull() {
    [ "${MOOC_IMAGES:-}" != stand-ins ] && [ ! -e "$scratch/no-registry" ] || return 1
    say "images: $1: asking its registry"
    timeout 600 docker pull -q "$1" >/dev/null 2>"$scratch/log" && return 0
    say "images: no registry: $(tail -n 1 "$scratch/log" | cut -c1-160)"
    touch "$scratch/no-registry"
    return 1
}

stand_in_base() {
    local tree=$scratch/root
    [ "$(id -u)" = 0 ] || die "only root can build a stand-in for $BASE"
    command -v debootstrap >/dev/null || install debootstrap
    quietly debootstrap --variant=minbase bookworm "$tree" || die "debootstrap failed"
    rm -rf "$tree"/var/cache/apt/archives/*.deb "$tree"/var/lib/apt/lists/* "$tree"/usr/share/{doc,man,locale}/*
    # Certificates that this machine was told to trust, for builds behind its proxy.
    mkdir -p "$tree/usr/local/share/ca-certificates"
    cp /usr/local/share/ca-certificates/*.crt "$tree/usr/local/share/ca-certificates/" 2>/dev/null || true
    tar -C "$tree" -c . | docker import -c 'CMD ["bash"]' -c "LABEL $LABEL=stand-in" - $BASE >/dev/null
    rm -rf "$tree"
}

stand_in_kafka() {
    local context=$scratch/kafka
    cp -r "$here/stand-ins/kafka" "$context"
    cp -r "$KAFKA_LIBS" "$context/libs"
    build $KAFKA "$context" --label $LABEL=stand-in
}

stand_in_postgres() { build $POSTGRES "$here/stand-ins/postgres" --label $LABEL=stand-in; }

# provide NAME COMMAND
provide() {
    if ! have "$1" && ! pull "$1"; then
        say "images: $1: building a stand-in"
        $2
    fi
    say "images: $1$(! is_stand_in "$1" || echo ' (stand-in)')"
}

provide $BASE stand_in_base
provide $KAFKA stand_in_kafka
provide $POSTGRES stand_in_postgres
for target in schema ingest aggregator platform; do
    build "mooc-pulse/$target:${MOOC_VERSION:-latest}" "$ROOT" -f "$here/Dockerfile" --target $target --label $LABEL=own
    say "images: mooc-pulse/$target"
done
