# Sourced by the scripts beside it: which Docker engine is used, and how.
# shellcheck shell=bash
# shellcheck source-path=SCRIPTDIR
. "$(dirname "${BASH_SOURCE[0]}")/../dev/common.sh"

ENGINE=$RUN/docker                        # an engine of our own, where none answers
PROJECT=${MOOC_COMPOSE_PROJECT:-mooc-pulse}
export MOOC_SECRETS=${MOOC_SECRETS:-$RUN/secrets}

own_socket() { cat "$ENGINE/socket" 2>/dev/null || true; }
answers() { docker "$@" version >/dev/null 2>&1; }

# Talks to our own engine if it runs, else to the machine's; false if neither answers.
use_engine() {
    local socket
    socket=$(own_socket)
    if [ -n "$socket" ] && [ -S "$socket" ] && answers -H "unix://$socket"; then
        export DOCKER_HOST=unix://$socket
        return 0
    fi
    answers
}

# install PACKAGE...
install() {
    local step
    command -v apt-get >/dev/null || die "not a Debian system; please install what corresponds to: $*"
    [ "$(id -u)" = 0 ] || die "packages are missing. As root: apt-get install $*"
    say "installing $*"
    for step in update "install -y --no-install-recommends $*"; do
        # RUNLEVEL=1: where it can be helped, Debian's own Docker service is not started.
        # shellcheck disable=SC2086  # words
        env DEBIAN_FRONTEND=noninteractive RUNLEVEL=1 apt-get -q $step >"$RUN/apt.log" 2>&1 || {
            tail -n 5 "$RUN/apt.log" >&2
            die "apt-get $step failed"
        }
    done
}

need_engine() { use_engine || die "no Docker engine answers; start one with deploy/docker/engine.sh start"; }

# The plug-in where it is installed, else the older program of its own.
compose() {
    local program=(docker-compose)
    ! docker compose version >/dev/null 2>&1 || program=(docker compose)
    "${program[@]}" --project-directory "$ROOT" -f "$ROOT/docker-compose.yml" -p "$PROJECT" "$@"
}
