"""The demo on docker-compose.yml: every part in a container, reached as an operator reaches it, by `docker exec` and over the
ports published on 127.0.0.1."""
import os
import subprocess
import time
import urllib.request
from pathlib import Path

import psycopg
from harness.stack import ROOT, wait_for
from simulator import Simulator

COMPOSE = ROOT / "deploy/docker/compose.sh"
SERVICES = {"mooc-ingest": "ingest", "mooc-aggregator": "aggregator"}
READY_SECONDS = 120


def run(*command, data=None, timeout=300):
    done = subprocess.run([str(word) for word in command], input=data, capture_output=True, timeout=timeout)
    if done.returncode != 0:
        words = (done.stdout + done.stderr).decode(errors="replace").strip()
        raise AssertionError(f"{' '.join(map(str, command))}: exit {done.returncode}\n{words[-2000:]}")
    return done.stdout


def ready(port):
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=5) as reply:
            return reply.status == 200
    except OSError:
        return False


def ready_platform(platform):
    try:
        return platform.clock()
    except OSError:
        return None


class Compose:
    """See demo.py for what a site offers."""

    login = "bi_demo"

    def __init__(self, folder):
        self.folder = folder
        self.logs = str(folder / "compose.log")
        self.containers = {}
        self.platform = Simulator()     # only its client: the platform is a container
        self.platform.url = f"http://127.0.0.1:{os.environ['MOOC_PLATFORM_PORT']}"
        self.password = Path(os.environ["MOOC_SECRETS"], "postgres-password").read_text().strip()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        log = subprocess.run([COMPOSE, "logs", "--no-color"], capture_output=True, check=False)
        Path(self.logs).write_bytes(log.stdout)

    def _up(self, *services):
        run(COMPOSE, "up", "-d", "--no-build", *services)

    def _both_ready(self):
        for service in SERVICES.values():
            self.containers[service] = run(COMPOSE, "ps", "-q", service).decode().strip()
            port = os.environ[f"MOOC_{service.upper()}_PORT"]
            wait_for(lambda p=port: ready(p), READY_SECONDS, f"{service} ready (see {self.logs})")

    def _platform_ready(self):
        wait_for(lambda: ready_platform(self.platform), READY_SECONDS, f"the platform answers (see {self.logs})")

    def start(self, speed):
        self._up()
        self._platform_ready()
        self._both_ready()
        self.platform.clock(speed=speed)
        loaded = run(COMPOSE, "ps", "-a", "-q", "reference").decode().strip()
        return run("docker", "logs", loaded).decode().strip().splitlines()[-1]

    def restart(self):
        """All containers go and come anew; what lies in volumes stays. The platform keeps nothing: it is put where it was, a minute on."""
        stopped = self.platform.clock()["micros"]
        run(COMPOSE, "down")
        self._up("platform")
        self._platform_ready()
        self.platform.clock(now=stopped, speed=0)
        self.platform.clock(advance=60)
        self._up()
        self._both_ready()

    def clock(self, **change):
        return self.platform.clock(**change)

    def _write(self, service, path, data, saved=None):
        """Whole or not at all, and as the service's own user."""
        put = 'umask 077 && cat >"$1.part" && touch -d "@$2" "$1.part" && mv "$1.part" "$1"'
        run("docker", "exec", "-i", self.containers[service], "sh", "-c", put, "-", path, str(int(saved or time.time())), data=data)

    def send(self, roster, saved):
        self._write("ingest", f"/srv/lists/{roster.name}", roster.read_bytes(), saved)

    def hand(self, program, path):
        there = f"/tmp/{path.name}"
        self._write(SERVICES[program], there, path.read_bytes())
        return there

    def place(self, name):
        return f"/tmp/{name}"

    def fetch(self, program, there):
        path = self.folder / Path(there).name
        path.write_bytes(run("docker", "exec", self.containers[SERVICES[program]], "cat", there))
        return path

    def command(self, program, *arguments):
        return run("docker", "exec", self.containers[SERVICES[program]], program, *arguments).decode()

    def query(self, sql, *parameters):
        return self.query_as("postgres", self.password, sql, *parameters)

    def query_as(self, user, password, sql, *parameters):
        with psycopg.connect(self._conninfo(user), password=password, autocommit=True) as connection:
            cursor = connection.execute(sql, parameters or None)
            return cursor.fetchall() if cursor.description else None

    def counted(self):
        try:
            url = f"http://127.0.0.1:{os.environ['MOOC_AGGREGATOR_PORT']}/metrics"
            with urllib.request.urlopen(url, timeout=5) as reply:
                lines = reply.read().decode().splitlines()
        except OSError:
            return 0.0
        return next((float(line.split()[1]) for line in lines if line.startswith("mooc_aggregator_records_total ")), 0.0)

    def stop(self):
        stopped = []
        for program, service in SERVICES.items():
            began = time.monotonic()
            run(COMPOSE, "stop", service)
            code = int(run("docker", "inspect", "-f", "{{.State.ExitCode}}", self.containers[service]))
            stopped.append((program, code, time.monotonic() - began))
        return stopped

    @staticmethod
    def _conninfo(user):
        return f"host=127.0.0.1 port={os.environ['MOOC_POSTGRES_PORT']} dbname=mooc user={user}"

    def psql(self):
        return self._conninfo(self.login)
