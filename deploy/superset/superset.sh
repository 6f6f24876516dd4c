#!/usr/bin/env bash
# superset.sh start|stop|status|import|bundle FILE: Apache Superset with the dashboards of deploy/superset/bundle, on a free port of the
# loopback interface, in .run/superset: programs (venv), metadata (superset.db), secrets (0600), log, pid.
#
#   MOOC_SUPERSET_CONFIG   aggregator.yaml that names the database and may make logins; without it that of the last `make demo`, else
#                          database mooc of `make up`
#   MOOC_SUPERSET_LOGIN    login that reads schema bi, made where it is missing (superset)
#   MOOC_BIN_DIR           where mooc-aggregator is (build/release)
. "$(dirname "$0")/../dev/common.sh"

HERE=$ROOT/deploy/superset
PROGRAMS=$TOOLS/superset/venv               # one installation per checkout, like jars and Python packages
HOME_DIR=$RUN/superset
LOGIN=${MOOC_SUPERSET_LOGIN:-superset}
AGGREGATOR=${MOOC_BIN_DIR:-$ROOT/build/release}/mooc-aggregator
export MOOC_SUPERSET_HOME=$HOME_DIR SUPERSET_CONFIG_PATH=$HERE/superset_config.py FLASK_APP=superset
export PYTHONDONTWRITEBYTECODE=1 PYTHONPATH=$HERE
export SCARF_ANALYTICS=false TZ=UTC         # it tells nobody that it runs; it wants its own clock in UTC

# ---- made once ----

install_programs() {
    local key python=/usr/bin/python3
    key="$PROGRAMS $(sha256sum "$HERE/requirements.txt" "$HERE/constraints.txt" | cut -c1-64 | tr '\n' ' ')"
    [ "$(cat "$TOOLS/superset/installed" 2>/dev/null)" = "$key" ] && [ -x "$PROGRAMS/bin/superset" ] && return 0
    "$python" -c 'import ensurepip, venv, sys; sys.exit(sys.version_info[:2] != (3, 11))' 2>/dev/null || python=python3.11
    command -v "$python" >/dev/null || die "Superset needs Python 3.11"
    say "superset: installing Superset 6.1.0 into $PROGRAMS (minutes, once)"
    mkdir -p "$TOOLS/superset"
    rm -rf "$PROGRAMS"
    "$python" -m venv "$PROGRAMS"
    nice "$PROGRAMS/bin/pip" install -q --disable-pip-version-check --no-cache-dir \
        -r "$HERE/requirements.txt" -c "$HERE/constraints.txt" || die "Superset could not be installed; is the package index reachable?"
    printf '%s' "$key" >"$TOOLS/superset/installed"
}

# new_secret FILE: a random one, in a file that only its owner reads.
new_secret() {
    [ -s "$1" ] || (umask 077; openssl rand -base64 33 | tr '+/' '-_' | tr -d '\n' >"$1")
}

prepare() {
    mkdir -p "$HOME_DIR"
    chmod 700 "$HOME_DIR"
    new_secret "$HOME_DIR/secret-key"
    new_secret "$HOME_DIR/admin-password"
    new_secret "$HOME_DIR/bi-password"
    local key
    key="6.1.0 $(sha256sum <"$HOME_DIR/secret-key")"
    [ "$(cat "$HOME_DIR/prepared" 2>/dev/null)" = "$key" ] && return 0
    say "superset: making its metadata database"
    (umask 077; : >>"$HOME_DIR/superset.db")
    { "$PROGRAMS/bin/superset" db upgrade && "$PROGRAMS/bin/superset" init; } >"$HOME_DIR/prepare.log" 2>&1 ||
        die "its metadata database could not be made; see $HOME_DIR/prepare.log"
    printf '%s' "$key" >"$HOME_DIR/prepared"
}

# ---- which database ----

# Names the aggregator's configuration.
find_config() {
    CONFIG=${MOOC_SUPERSET_CONFIG:-}
    [ -n "$CONFIG" ] && return 0
    CONFIG=$RUN/demo/aggregator.yaml
    [ -e "$CONFIG" ] && return 0
    [ -e "$RUN/env" ] || die "set MOOC_SUPERSET_CONFIG to the aggregator's configuration, or run make up first"
    . "$RUN/env"
    CONFIG=$HOME_DIR/aggregator.yaml
    cat >"$CONFIG" <<EOF
brokers: $MOOC_KAFKA_BROKERS
database: host=$PGHOST port=$PGPORT dbname=$PGDATABASE user=mooc_writer
EOF
}

# The login is made anew if it does not open with the password that stands here.
make_login() {
    "$PROGRAMS/bin/python" "$HERE/connection.py" "$CONFIG" "$LOGIN" "$HOME_DIR/bi-password" --try && return 0
    if "$AGGREGATOR" bi-user list --config "$CONFIG" | grep -q "^$LOGIN "; then
        "$AGGREGATOR" bi-user drop "$LOGIN" --config "$CONFIG" >/dev/null
    fi
    "$AGGREGATOR" bi-user add "$LOGIN" --password-file "$HOME_DIR/bi-password" --config "$CONFIG"
    "$PROGRAMS/bin/python" "$HERE/connection.py" "$CONFIG" "$LOGIN" "$HOME_DIR/bi-password" --try ||
        die "login $LOGIN does not open the database of $CONFIG"
}

# Admin, connection and dashboards; what is there already is overwritten by the files of the bundle.
import_dashboards() {
    find_config
    make_login
    "$PROGRAMS/bin/python" "$HERE/bundle.py" "$HOME_DIR/bundle.zip" \
        --uri "$("$PROGRAMS/bin/python" "$HERE/connection.py" "$CONFIG" "$LOGIN")"
    "$PROGRAMS/bin/python" "$HERE/provision.py" "$HOME_DIR/bundle.zip" >"$HOME_DIR/import.log" 2>&1 ||
        { tail -5 "$HOME_DIR/import.log" >&2; die "the dashboards were not imported; see $HOME_DIR/import.log"; }
}

# ---- the process ----

pid() { cat "$HOME_DIR/pid" 2>/dev/null || true; }
port() { cat "$HOME_DIR/port"; }
running() { ours "$(pid)" "$HOME_DIR"; }
answers() { "$PROGRAMS/bin/python" -c 'import sys, urllib.request as u; u.urlopen(sys.argv[1], timeout=5)' "$1" 2>/dev/null; }

serve() {
    local i=0
    running && return 0
    free_ports "$HOME_DIR/port" 1 >/dev/null
    # One process with threads: SQLite has one writer.
    setsid "$PROGRAMS/bin/gunicorn" -k gthread -w 1 --threads 12 --timeout 120 --keep-alive 5 -b "127.0.0.1:$(port)" \
        --pid "$HOME_DIR/pid" --worker-tmp-dir /dev/shm 'superset.app:create_app()' >>"$HOME_DIR/superset.log" 2>&1 </dev/null 9>&- &
    until answers "http://127.0.0.1:$(port)/health"; do
        i=$((i + 1))
        [ "$i" -lt 120 ] || die "Superset does not answer; see $HOME_DIR/superset.log"
        sleep 0.5
    done
}

start() {
    mkdir -p "$HOME_DIR"
    lock "$HOME_DIR"
    [ -x "$VENV/bin/python" ] || "$ROOT/deploy/dev/setup.sh"
    install_programs
    prepare
    import_dashboards
    serve
    say "Superset is up on http://127.0.0.1:$(port)/dashboard/list/ , login admin, password in $HOME_DIR/admin-password"
}

stop() {
    running || return 0
    stop_process "$(pid)" "$HOME_DIR" 20 TERM
    rm -f "$HOME_DIR/pid"
    say "Superset is down"
}

case ${1:-} in
start) start ;;
stop) stop ;;
status) running && say "Superset runs as process $(pid) on http://127.0.0.1:$(port)" ;;
import) lock "$HOME_DIR"; import_dashboards ;;
bundle) python3 "$HERE/bundle.py" "${2:?bundle FILE}" ;;
*) die "usage: superset.sh start|stop|status|import|bundle FILE" ;;
esac
