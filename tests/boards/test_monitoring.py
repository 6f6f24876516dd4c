"""Alert rules and the dashboard of the services, by Prometheus itself: rules are checked and unit-tested, and every expression finds series
in what both services export while they run."""
import json
import os
import re
import socket
import subprocess
import sys
import time
import urllib.parse
import urllib.request
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "tests"), str(ROOT / "tests/platforms")]

from harness.stack import REFERENCE, Stack, wait_for  # noqa: E402
from simulator import Simulator  # noqa: E402

MONITORING = ROOT / "deploy/monitoring"
PROMETHEUS = Path(os.environ.get("MOOC_PROMETHEUS", "/usr/bin"))     # where prometheus and promtool are
BINARIES = Path(os.environ.get("MOOC_BIN_DIR", ROOT / "build/release"))
# What a healthy line has none of.
SILENT = re.compile(r"mooc_ingest_(stream_problem|source_paused)\) == 1$")


def promtool(*arguments):
    return subprocess.run([PROMETHEUS / "promtool", *map(str, arguments)], capture_output=True, text=True, cwd=MONITORING, timeout=120)


def expressions():
    """(where, expression) of every panel, with the dashboard's variable filled in."""
    for panel in json.loads((MONITORING / "grafana-services.json").read_text(encoding="utf-8"))["panels"]:
        for target in panel.get("targets", ()):
            yield panel["title"], target["expr"].replace("$__rate_interval", "1m")


def alerts():
    return [r for g in yaml.safe_load((MONITORING / "alerts.yml").read_text(encoding="utf-8"))["groups"] for r in g["rules"]]


def test_rules_are_sound_and_fire_when_they_must():
    for arguments in (("check", "rules", "alerts.yml"), ("test", "rules", "alerts_test.yml"), ("check", "config", "--syntax-only", "prometheus.yml")):
        done = promtool(*arguments)
        assert done.returncode == 0, done.stdout + done.stderr


def test_every_alert_is_tested_and_says_what_to_do():
    tested = (MONITORING / "alerts_test.yml").read_text(encoding="utf-8")
    for rule in alerts():
        assert f'alertname="{rule["alert"]}"' in tested, f"alerts_test.yml never sees {rule['alert']} fire"
        assert set(rule["annotations"]) == {"summary", "description", "summary_en", "description_en"}
        assert re.search("[ăâđêôơưạảấầẩậắằặẹẻẽếềểệỉịọỏốồổộớờởợụủứừửựỳỵỷỹ]", rule["annotations"]["description"])


def test_the_panels_are_laid_out():
    """No two share a place, none is wider than the board, each says in both languages what it shows."""
    taken = {}
    for panel in json.loads((MONITORING / "grafana-services.json").read_text(encoding="utf-8"))["panels"]:
        at = panel["gridPos"]
        assert at["x"] + at["w"] <= 24, panel["title"]
        for place in ((x, y) for x in range(at["x"], at["x"] + at["w"]) for y in range(at["y"], at["y"] + at["h"])):
            assert place not in taken, f"{panel['title']} lies on {taken[place]}"
            taken[place] = panel["title"]
        assert panel["type"] == "row" or panel["description"]


@pytest.fixture
def prometheus(tmp_path):
    """Both services, a platform, and a Prometheus that asks them every second. Gives ask(path, parameters) -> what its API answers."""
    platform = Simulator(world="hagiang", seed=1, start="begin", speed=0, rate=["enrollment=6000/minute", "default=6000/minute"])
    with Stack(tmp_path, BINARIES) as stack, platform:
        stack.make_aggregator()
        stack.make_ingest([stack.openedx_source(platform.url), stack.files_source(poll="500ms")])
        stack.command("mooc-aggregator", "config", "load", REFERENCE)
        stack.aggregator.start()
        stack.ingest.start()
        for service in (stack.aggregator, stack.ingest):
            wait_for(lambda s=service: s.port_file.exists() and s.get("/readyz")[0] == 200, 60, f"{service.binary.name} ready")
        stack.command("mooc-aggregator", "verify", "--metrics-file", tmp_path / "verify.prom")
        with socket.socket() as s:
            s.bind(("127.0.0.1", 0))
            port = s.getsockname()[1]
        jobs = [{"job_name": s.binary.name, "static_configs": [{"targets": [f"127.0.0.1:{s.port_file.read_text().strip()}"]}]}
                for s in (stack.ingest, stack.aggregator)]
        config = {"global": {"scrape_interval": "1s", "evaluation_interval": "1s"}, "rule_files": [str(MONITORING / "alerts.yml")], "scrape_configs": jobs}
        (tmp_path / "prometheus.yml").write_text(yaml.safe_dump(config))
        with open(tmp_path / "prometheus.log", "ab") as log:
            process = subprocess.Popen([PROMETHEUS / "prometheus", f"--config.file={tmp_path}/prometheus.yml", f"--storage.tsdb.path={tmp_path}/tsdb",
                                        f"--web.listen-address=127.0.0.1:{port}"], stdout=log, stderr=log)
        try:
            def ask(path, **query):
                with urllib.request.urlopen(f"http://127.0.0.1:{port}/api/v1/{path}?{urllib.parse.urlencode(query)}", timeout=10) as reply:
                    return json.load(reply)["data"]

            def up():
                try:
                    return len(ask("query", query="up == 1")["result"]) == 2
                except OSError:
                    return False
            wait_for(up, 30, "Prometheus asks both services")
            time.sleep(20)      # rates need two samples; a service tells some of its figures every few seconds
            ask.stack, ask.verify = stack, (tmp_path / "verify.prom").read_text()
            yield ask
        finally:
            process.terminate()
            process.wait(20)


def test_every_panel_finds_its_series(prometheus):
    verified = set(re.findall(r"(?m)^(mooc_aggregator_verify_\w+)", prometheus.verify))
    empty = []
    for title, expression in expressions():
        if "mooc_aggregator_verify" in expression:
            assert set(re.findall(r"mooc_aggregator_verify_\w+", expression)) <= verified, expression
        elif not prometheus("query", query=expression)["result"] and not SILENT.search(expression):
            empty.append(f"{title}: {expression}")
    assert not empty, "\n".join(empty)
    rules = [r for g in prometheus("rules")["groups"] for r in g["rules"]]
    assert len(rules) == len(alerts()) and {r["health"] for r in rules} == {"ok"}
    assert [r["name"] for r in rules if r["state"] == "firing"] == []
