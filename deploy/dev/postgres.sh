#!/usr/bin/env bash
# postgres.sh start|stop|kill|status|wipe: the private PostgreSQL of this stack. Anyone on this
# machine may connect as its superuser over loopback: development and tests only.
. "$(dirname "$0")/common.sh"

# Names the cluster's folder: $RUN/pg, or one that user postgres can reach.
PLACE=$RUN/pg.dir
PG=$(cat "$PLACE" 2>/dev/null || echo "$RUN/pg")

pg_bin() {
    local dir
    for dir in $(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -t/ -k5 -rn) \
        "$(pg_config --bindir 2>/dev/null || true)"; do
        [ -x "$dir/initdb" ] && { echo "$dir"; return 0; }
    done
    die "PostgreSQL 15 or newer is not installed; run make setup"
}

# PostgreSQL refuses to run as root: then it runs as user postgres.
as_pg() {
    if [ "$(id -u)" = 0 ]; then (cd / && runuser -u postgres -- "$@"); else "$@"; fi
}

pid() { head -1 "$PG/data/postmaster.pid" 2>/dev/null || true; }
port() { cat "$RUN/pg.ports"; }
sockets() { cat "$RUN/pg.sockets"; }
running() { ours "$(pid)" "$PG/data"; }
answers() { "$(pg_bin)/pg_isready" -q -h 127.0.0.1 -p "$(port)" -U postgres; }

own() { [ "$(id -u)" != 0 ] || chown postgres "$@"; }

create_cluster() {
    mkdir -p "$PG"
    own "$PG"
    if ! as_pg test -w "$PG" 2>/dev/null; then
        rmdir "$PG"
        PG=$(mktemp -d /var/tmp/mooc-pg.XXXXXX)
        own "$PG"
    fi
    echo "$PG" >"$PLACE"
    as_pg "$(pg_bin)/initdb" -D "$PG/data" -U postgres -A trust -E UTF8 --locale=C.UTF-8 \
        >"$RUN/initdb.log" 2>&1 || { tail -20 "$RUN/initdb.log" >&2; die "initdb failed"; }
    as_pg tee -a "$PG/data/postgresql.conf" >/dev/null <<EOF

# The development stack (deploy/dev/postgres.sh)
listen_addresses = '127.0.0.1'
max_connections = 100
shared_buffers = 1GB
max_wal_size = 4GB
min_wal_size = 1GB
wal_buffers = 64MB
wal_compression = lz4
checkpoint_timeout = 15min
fsync = on
timezone = 'UTC'
log_timezone = 'UTC'
log_min_error_statement = panic
log_line_prefix = '%m [%p] %u@%d '
EOF
}

# A socket's path may have 107 bytes; a deep checkout gets a folder under /tmp instead.
socket_folder() {
    local dir=$PG/sock
    if [ "$(printf '%s' "$dir/.s.PGSQL.65535" | wc -c)" -gt 107 ]; then
        dir=$(cat "$RUN/pg.sockets" 2>/dev/null || true)
        [ -n "$dir" ] && [ -d "$dir" ] || dir=$(mktemp -d /tmp/mooc-pg.XXXXXX)
        chmod 755 "$dir"
    fi
    mkdir -p "$dir"
    own "$dir"
    echo "$dir" >"$RUN/pg.sockets"
}

# After kill -9 the last backends take a moment to notice, and where nobody collects dead children
# (containers) the old pid looks alive for ever: PostgreSQL would refuse the folder.
forget_killed() {
    local i=0
    [ -e "$PG/data/postmaster.pid" ] || return 0
    while ls -l /proc/[0-9]*/cwd 2>/dev/null | grep -qF -- "-> $PG/data"; do
        i=$((i + 1))
        [ "$i" -lt 100 ] || die "processes of a killed PostgreSQL still hold $PG/data"
        sleep 0.1
    done
    rm -f "$PG/data/postmaster.pid" "$(sockets)"/.s.PGSQL.*
}

start() {
    mkdir -p "$RUN/stamp"
    lock "$RUN/stamp"
    if running && answers; then return 0; fi
    [ -e "$PG/data/PG_VERSION" ] || create_cluster
    forget_killed
    socket_folder
    free_ports "$RUN/pg.ports" 1 >/dev/null
    as_pg "$(pg_bin)/pg_ctl" start -w -t 60 -s -D "$PG/data" -l "$PG/log" \
        -o "-p $(port) -c unix_socket_directories='$(sockets)'" 9>&- </dev/null || {
        tail -n 20 "$PG/log" >&2
        die "PostgreSQL did not start; its log is $PG/log"
    }
    say "PostgreSQL is up on 127.0.0.1:$(port) and in $(sockets)"
}

# SIGINT is PostgreSQL's fast shutdown.
stop() {
    running || return 0
    stop_process "$(pid)" "$PG/data" 20 "$1"
    say "PostgreSQL is down"
}

wipe() {
    stop INT
    cp "$PG/log" "$RUN/pg.log" 2>/dev/null || true      # its last words may be wanted
    [ "$PG" = "$RUN/pg" ] || case $PG in /var/tmp/mooc-pg.*) rm -rf "$PG" ;; esac
    case $(cat "$RUN/pg.sockets" 2>/dev/null || true) in
    /tmp/mooc-pg.*) rm -rf "$(sockets)" ;;
    esac
    rm -rf "$RUN/pg" "$RUN/pg.dir" "$RUN/pg.sockets" "$RUN/pg.ports"
}

case ${1:-} in
start) start ;;
stop) stop INT ;;
kill) stop KILL ;;
status) running && say "PostgreSQL runs as process $(pid) on 127.0.0.1:$(port)" ;;
wipe) wipe ;;
*) die "usage: postgres.sh start|stop|kill|status|wipe" ;;
esac
