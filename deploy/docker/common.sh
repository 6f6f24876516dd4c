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

need_engine() { use_engine || die "no Docker engine answers; start one with deploy/docker/engine.sh start"; }

# The plug-in where it is installed, else the older program of its own.
compose() {
    local program=(docker-compose)
    ! docker compose version >/dev/null 2>&1 || program=(docker compose)
    "${program[@]}" --project-directory "$ROOT" -f "$ROOT/docker-compose.yml" -p "$PROJECT" "$@"
}
