# Sourced by the scripts beside it: where things are, and how they speak.
# shellcheck shell=bash
set -eu

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd -P)
TOOLS=$ROOT/.run                          # jars and Python packages: one set per checkout
RUN=${MOOC_RUN_DIR:-$ROOT/.run}           # one stack: data, ports, pids; several may coexist
mkdir -p "$RUN" "$TOOLS"
RUN=$(cd "$RUN" && pwd -P)
VENV=$TOOLS/venv
KAFKA_LIBS=$TOOLS/kafka/libs
KAFKA_DIR=$RUN/kafka

say() { printf '%s\n' "$*"; }
die() { printf '%s: %s\n' "$(basename "$0")" "$*" >&2; exit 1; }

# One script at a time per directory; a second caller waits. Servers are started with 9>&-.
lock() {
    exec 9>"$1/lock"
    flock -w 300 9 || die "another script has held $1/lock for 5 minutes"
}

# ours PID TEXT: the process lives and TEXT (a path of this stack) stands in its command line.
ours() {
    [ -n "$1" ] && [ -r "/proc/$1/cmdline" ] && tr '\0' ' ' <"/proc/$1/cmdline" | grep -qF -- "$2"
}

# stop_process PID TEXT SECONDS SIGNAL: ask, wait, then insist.
stop_process() {
    local pid=$1 text=$2 seconds=$3 signal=$4 i=0
    ours "$pid" "$text" || return 0
    kill -s "$signal" "$pid" 2>/dev/null || return 0
    while ours "$pid" "$text"; do
        i=$((i + 1))
        if [ "$i" -gt $((seconds * 10)) ]; then
            say "process $pid does not stop: kill -9"
            kill -s KILL "$pid" 2>/dev/null || true
            sleep 0.5
            return 0
        fi
        sleep 0.1
    done
}

# free_ports FILE COUNT: COUNT free ports below the ephemeral range, the same as last time if they
# still are free, so that a saved connection goes on working after down and up.
free_ports() {
    "$VENV/bin/python" - "$1" "$2" <<'PY'
import pathlib, random, socket, sys
path, count = pathlib.Path(sys.argv[1]), int(sys.argv[2])
def free(port):
    with socket.socket() as s:
        s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            s.bind(("127.0.0.1", port))
            return True
        except OSError:
            return False
ports = [int(word) for word in path.read_text().split()] if path.exists() else []
if len(ports) != count or not all(map(free, ports)):
    ports = []
    for port in random.sample(range(20000, 32000), 2000):
        if len(ports) < count and free(port):
            ports.append(port)
    path.write_text(" ".join(map(str, ports)) + "\n")
print(*ports)
PY
}
