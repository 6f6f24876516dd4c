#!/usr/bin/env bash
# bi-catalogue.sh DATABASE: the catalogue of schema bi, in Markdown.
. "$(dirname "$0")/common.sh"
. "$RUN/env"
exec psql -XAtq -v ON_ERROR_STOP=1 -d "$1" -f "$ROOT/deploy/dev/bi-catalogue.sql"
