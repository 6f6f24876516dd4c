#!/usr/bin/env bash
# Starts docker-compose.yml and leaves it running: engine, images and secrets first, where missing.
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/common.sh"
here=$ROOT/deploy/docker

"$here/engine.sh" start
"$here/images.sh"
"$here/secrets.sh"
"$here/compose.sh" up -d --no-build
"$here/compose.sh" ps
say "deploy/docker/compose.sh takes what docker compose takes (logs -f, exec, …); make compose-down ends it all"
