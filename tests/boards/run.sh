#!/usr/bin/env bash
# run.sh [arguments of pytest]: the boards of deploy/superset in headless Chromium, on the worlds of two source documents (minutes, and some
# hundred megabytes of packages the first time). Screenshots are left in .run/boards.
. "$(dirname "$0")/../../deploy/dev/common.sh"
. "$RUN/env"

command -v chromium >/dev/null && fc-list 2>/dev/null | grep -q DejaVu || {
    say "boards: installing chromium"
    as_root=""
    [ "$(id -u)" = 0 ] || as_root=sudo
    $as_root env DEBIAN_FRONTEND=noninteractive apt-get update -q
    $as_root env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends chromium fonts-dejavu-core fontconfig
}
"$VENV/bin/python" -c 'import playwright' 2>/dev/null ||
    "$VENV/bin/pip" install -q --disable-pip-version-check -r "$ROOT/tests/boards/requirements.txt"
# Prometheus is taken out of Debian's package and not installed: that would start a service.
if command -v promtool >/dev/null; then
    MOOC_PROMETHEUS=$(dirname "$(command -v promtool)")
else
    MOOC_PROMETHEUS=$TOOLS/prometheus/usr/bin
    [ -x "$MOOC_PROMETHEUS/promtool" ] || {
        say "boards: fetching prometheus"
        mkdir -p "$TOOLS/prometheus"
        (cd "$TOOLS/prometheus" && apt-get download -q prometheus && dpkg -x prometheus_*.deb . && rm prometheus_*.deb)
    }
fi
export MOOC_PROMETHEUS PYTHONDONTWRITEBYTECODE=1
exec "$VENV/bin/python" -m pytest -p no:cacheprovider -ra -q --timeout=900 "${@:-$ROOT/tests/boards}"
