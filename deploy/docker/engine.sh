#!/usr/bin/env bash
# engine.sh start|stop|wipe|status: where no Docker engine answers, one of our own with data and
# socket under .run/docker. It changes neither firewall nor routes: containers talk over bridges
# of their own, published ports go through docker-proxy, builds use this machine's network.
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/common.sh"

LOG=$ENGINE/log

pid() { cat "$ENGINE/pid" 2>/dev/null || true; }
running() { ours "$(pid)" "$ENGINE/data"; }

# A socket's path may have 107 bytes, containerd's lie deep; a deep checkout gets a folder under /tmp.
short_folder() {
    local dir=$ENGINE/run
    if [ "$(printf '%s' "$dir/exec/containerd/containerd.sock.ttrpc" | wc -c)" -gt 100 ]; then
        dir=$(dirname "$(own_socket)")
        case $dir in /tmp/mooc-docker.*) ;; *) dir=$(mktemp -d /tmp/mooc-docker.XXXXXX) ;; esac
    fi
    mkdir -p "$dir"
    echo "$dir/docker.sock" >"$ENGINE/socket"
}

launch() {
    local dir
    dir=$(dirname "$(own_socket)")
    rm -f "$ENGINE/pid" "$(own_socket)"
    echo '{}' >"$ENGINE/daemon.json"       # the machine's own configuration does not count here
    setsid dockerd --config-file "$ENGINE/daemon.json" --data-root "$ENGINE/data" --exec-root "$dir/exec" \
        --pidfile "$ENGINE/pid" --host "unix://$(own_socket)" --bridge none --iptables=false \
        --ip6tables=false --ip-forward=false --ip-masq=false "$@" >>"$LOG" 2>&1 </dev/null 9>&- &
    local started=$! i=0
    until answers -H "unix://$(own_socket)"; do
        i=$((i + 1))
        if [ "$i" -gt 300 ] || ! kill -0 "$started" 2>/dev/null; then
            tail -n 5 "$LOG" >&2
            return 1
        fi
        sleep 0.2
    done
}

start_own() {
    command -v dockerd >/dev/null || install docker.io
    use_engine && return 0                 # the package may have started the machine's own
    [ "$(id -u)" = 0 ] || die "no Docker engine answers, and only root can start one"
    short_folder
    launch || {
        say "engine: starting again, without overlay file systems"
        launch --storage-driver vfs || die "dockerd did not start; its log is $LOG"
    }
    say "Docker engine of our own is up: export DOCKER_HOST=unix://$(own_socket)"
}

start() {
    mkdir -p "$ENGINE"
    lock "$ENGINE"
    use_engine || start_own
    docker compose version >/dev/null 2>&1 || command -v docker-compose >/dev/null || install docker-compose
}

stop() {
    running || return 0
    lock "$ENGINE"
    stop_process "$(pid)" "$ENGINE/data" 60 TERM
    say "Docker engine is down"
}

# What a killed engine left mounted would keep the folder from going.
wipe() {
    local dir
    [ -e "$ENGINE" ] || return 0
    stop
    dir=$(dirname "$(own_socket)")
    awk -v a="$ENGINE/" -v b="$dir/" 'index($2, a) == 1 || index($2, b) == 1 {print $2}' /proc/mounts |
        sort -r | xargs -r -n 1 umount -l
    case $dir in /tmp/mooc-docker.*) rm -rf "$dir" ;; esac
    rm -rf "$ENGINE"
}

case ${1:-} in
start) start ;;
stop) stop ;;
wipe) wipe ;;
status) running && say "dockerd runs as process $(pid), DOCKER_HOST=unix://$(own_socket)" ;;
*) die "usage: engine.sh start|stop|wipe|status" ;;
esac
