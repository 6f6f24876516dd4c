#!/usr/bin/env bash
# compose.sh ARGUMENT...: docker compose on this checkout's docker-compose.yml, with the engine, the
# project and the secrets that the scripts beside it use.
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/common.sh"
need_engine
compose "$@"
