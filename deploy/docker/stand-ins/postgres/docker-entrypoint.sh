#!/usr/bin/env bash
# The official image's contract: an empty PGDATA becomes a cluster with POSTGRES_USER, _PASSWORD (or
# _PASSWORD_FILE), _DB, _INITDB_ARGS and what lies in /docker-entrypoint-initdb.d; then the server runs.
set -eu

stop() { echo "docker-entrypoint.sh: $*" >&2; exit 1; }

# The value of variable NAME, or what the file that NAME_FILE names holds.
value() {
    local file=${1}_FILE
    [ -z "${!1:-}" ] || [ -z "${!file:-}" ] || stop "$1 and $file exclude each other"
    if [ -n "${!file:-}" ]; then cat "${!file}"; else printf '%s' "${!1:-${2:-}}"; fi
}

in_database() { psql -X -q -v ON_ERROR_STOP=1 -U "$user" -d "$database" "$@"; }

run_script() {
    case $1 in
    *.sql) in_database -f "$1" ;;
    *.sh) bash "$1" ;;
    *) ;;
    esac
}

make_cluster() {
    local file
    user=$(value POSTGRES_USER postgres)
    database=$(value POSTGRES_DB "$user")
    password=$(value POSTGRES_PASSWORD)
    [ -n "$password" ] || [ "${POSTGRES_HOST_AUTH_METHOD:-}" = trust ] || stop "POSTGRES_PASSWORD_FILE is not set"
    # shellcheck disable=SC2046  # a list of options
    initdb --username="$user" --pwfile=<(printf '%s\n' "$password") $(value POSTGRES_INITDB_ARGS)
    printf '\nhost all all all %s\n' "${POSTGRES_HOST_AUTH_METHOD:-scram-sha-256}" >>"$PGDATA/pg_hba.conf"
    pg_ctl -D "$PGDATA" -o "-c listen_addresses=''" -w start
    [ "$database" = postgres ] || createdb -U "$user" "$database"
    for file in /docker-entrypoint-initdb.d/*; do run_script "$file"; done
    pg_ctl -D "$PGDATA" -m fast -w stop
}

[ "${1#-}" = "${1:-}" ] || set -- postgres "$@"
if [ "${1:-}" = postgres ]; then
    mkdir -p "$PGDATA"
    if [ "$(id -u)" = 0 ]; then
        chown -R postgres "$PGDATA" /var/run/postgresql
        exec setpriv --reuid=postgres --regid=postgres --init-groups "$0" "$@"
    fi
    chmod 0700 "$PGDATA"
    [ -s "$PGDATA/PG_VERSION" ] || make_cluster
fi
exec "$@"
