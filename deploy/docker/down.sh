#!/usr/bin/env bash
# down.sh [--wipe]: removes the containers, and stops the engine if it is our own. --wipe also
# removes volumes, secrets, images and all that the engine of our own holds.
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/common.sh"
here=$ROOT/deploy/docker
volumes=()
[ "${1:-}" != --wipe ] || volumes=(--volumes)

if use_engine; then
    compose down --remove-orphans "${volumes[@]}" || [ "${1:-}" = --wipe ] || exit 1
    # An engine of our own goes as a whole; on the machine's, an image that others were built on stays.
    if [ "${1:-}" = --wipe ] && [ "${DOCKER_HOST:-}" != "unix://$(own_socket)" ]; then
        docker image ls --filter label=vn.mooc-pulse --format '{{.Repository}}:{{.Tag}}' | grep -v '<none>' |
            xargs -r docker image rm >/dev/null 2>&1 || true
    fi
fi
if [ "${1:-}" = --wipe ]; then
    "$here/engine.sh" wipe
    rm -rf "$MOOC_SECRETS"
else
    "$here/engine.sh" stop
fi
