#!/usr/bin/env bash
# down.sh [--wipe]: removes the containers, and stops the engine if it is our own. --wipe also
# removes volumes, secrets, images and all that the engine of our own holds.
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/common.sh"
here=$ROOT/deploy/docker
volumes=()
[ "${1:-}" != --wipe ] || volumes=(--volumes)

if use_engine; then
    compose down --remove-orphans "${volumes[@]}"
    if [ "${1:-}" = --wipe ]; then
        docker image ls -q --filter label=vn.mooc-pulse | sort -u | xargs -r docker image rm -f >/dev/null
    fi
fi
if [ "${1:-}" = --wipe ]; then
    "$here/engine.sh" wipe
    rm -rf "$MOOC_SECRETS"
else
    "$here/engine.sh" stop
fi
