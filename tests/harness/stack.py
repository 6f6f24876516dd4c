"""Both services against the stack of deploy/dev: their own database, topics and folders, started, stopped and killed by pid."""
import json
import os
import secrets
import shutil
import signal
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import psycopg

from .refusal import in_english

ROOT = Path(__file__).resolve().parents[2]
REFERENCE = ROOT / "config/hagiang-2023"
WAVE = "DA06-2023-HG"


class Service:
    """One process of a service, with its configuration file, log and metrics."""

    def __init__(self, binary, config, log):
        self.binary, self.config, self.log = Path(binary), Path(config), Path(log)
        self.port_file = self.log.with_suffix(".port")
        self.process = None

    def start(self, **environment):
        self.port_file.unlink(missing_ok=True)
        # A process group of its own: when the shell that began the tests goes, the kernel lets go on what is stopped in its group.
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen(
                [self.binary, "run", "--config", self.config], stdin=subprocess.DEVNULL, stdout=log, stderr=log, process_group=0,
                env={k: v for k, v in os.environ.items() if not k.startswith("MOOC_")} | environment)
        return self

    def alive(self):
        return self.process is not None and self.process.poll() is None

    def kill(self):
        self.process.kill()
        self.process.wait()

    def stop(self, seconds=10):
        """SIGTERM; gives exit code and seconds taken."""
        if self.process is None:
            return 0, 0.0
        began = time.monotonic()
        self.process.send_signal(signal.SIGTERM)
        try:
            code = self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            raise AssertionError(f"{self.binary.name} did not stop within {seconds} s; see {self.log}") from None
        self.process = None
        return code, time.monotonic() - began

    def get(self, path):
        port = self.port_file.read_text().strip()
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=5) as reply:
                return reply.status, reply.read().decode()
        except urllib.error.HTTPError as failure:
            return failure.code, failure.read().decode()

    def metrics(self):
        try:
            lines = self.get("/metrics")[1].splitlines()
        except (OSError, ValueError):
            return {}
        return {name: float(value) for name, value in (l.rsplit(" ", 1) for l in lines if l and not l.startswith("#"))}

    def log_text(self):
        return self.log.read_text(errors="replace") if self.log.exists() else ""


class Stack:
    """Names, folders and configuration of one run. Everything made is removed by close()."""

    def __init__(self, folder, binaries, name=None, events=4, state=2, dead=2, database=True, timestamps="LogAppendTime"):
        self.with_database, self.timestamps = database, timestamps
        self.folder, self.binaries = Path(folder), Path(binaries)
        self.name = name or f"t{secrets.token_hex(5)}"
        self.database, self.prefix = f"mooc_{self.name}", f"{self.name}."
        self.brokers = os.environ["MOOC_KAFKA_BROKERS"]
        self.partitions = {"events": events, "state": state, "dead": dead}
        self.topics = {t: f"{self.prefix}mooc.{t}.v1" for t in self.partitions}
        self.folder.mkdir(parents=True, exist_ok=True)
        self.aggregator = self.ingest = None

    # made and removed

    def open(self):
        self.close_server_side()
        if self.with_database:
            subprocess.run([ROOT / "deploy/dev/schema.sh", self.database, "copy"], check=True, capture_output=True)
        self._topics()
        for name, value in (("hmac-key", secrets.token_bytes(32)), ("client-secret", b"sim-secret")):
            path = self.folder / name
            if not path.exists():
                path.touch(mode=0o600)
                path.write_bytes(value)
        (self.folder / "data").mkdir(mode=0o700, exist_ok=True)
        return self

    def _topics(self, *more):
        counts = [w for t, n in self.partitions.items() for w in (f"--{t}", str(n))]
        subprocess.run([sys.executable, ROOT / "deploy/dev/topics.py", "--brokers", self.brokers, "--prefix",
                        self.prefix, "--timestamps", self.timestamps, *counts, *more], check=True, stdout=subprocess.DEVNULL)

    def close_server_side(self):
        if self.with_database:
            subprocess.run(["dropdb", "--if-exists", "--force", self.database], check=True, capture_output=True)
        self._topics("--delete")

    def close(self, keep_server_side=False):
        for service in (self.ingest, self.aggregator):
            if service and service.alive():
                service.kill()
        if not keep_server_side:
            self.close_server_side()
            shutil.rmtree(self.folder / "data", ignore_errors=True)

    def __enter__(self):
        return self.open()

    def __exit__(self, *_):
        self.close()

    # configuration

    def conninfo(self, user="mooc_writer"):
        return f"host={os.environ['PGHOST']} port={os.environ['PGPORT']} dbname={self.database} user={user}"

    def make_aggregator(self, name="aggregator", **options):
        log = self.folder / f"{name}.log"
        config = {"brokers": self.brokers, "events_topic": self.topics["events"], "dead_topic": self.topics["dead"],
                  "database": self.conninfo(), "instance": name,
                  "metrics": {"listen": "127.0.0.1:0", "port_file": str(log.with_suffix(".port"))}} | options
        path = self.folder / f"{name}.yaml"
        path.write_text(json.dumps(config, indent=2))  # JSON is YAML
        service = Service(self.binaries / "mooc-aggregator", path, log)
        self.aggregator = self.aggregator or service
        return service

    def make_ingest(self, sources, name="ingest", **options):
        log = self.folder / f"{name}.log"
        config = {"brokers": self.brokers, "data_dir": str(self.folder / "data"), "instance": name,
                  "group": self.prefix + "ingest", "hmac_key_file": str(self.folder / "hmac-key"),
                  "reference": str(REFERENCE), "sources": sources,
                  "metrics": {"listen": "127.0.0.1:0", "port_file": str(log.with_suffix(".port"))}} | options
        config |= {f"{t}_topic": topic for t, topic in self.topics.items()}
        path = self.folder / f"{name}.yaml"
        path.write_text(json.dumps(config, indent=2))
        service = Service(self.binaries / "mooc-ingest", path, log)
        self.ingest = self.ingest or service
        return service

    def openedx_source(self, url, **options):
        return {"name": "daotao", "kind": "openedx", "url": url, "client_id": "mooc-pulse",
                "client_secret_file": str(self.folder / "client-secret"), "requests_per_minute": 60000,
                "sweep_every": "2s", "head_every": "1s", "certificates_every": "2s",
                "accounts_every": "2s"} | options

    def files_source(self, **options):
        inbox = self.folder / "inbox"
        inbox.mkdir(exist_ok=True)
        return {"name": "lists", "kind": "files", "wave": WAVE, "inbox": str(inbox)} | options

    # asking

    def command(self, program, *arguments, code=0, timeout=120):
        service = self.ingest if program == "mooc-ingest" else self.aggregator
        done = subprocess.run([self.binaries / program, *in_english(arguments, code), "--config", service.config],
                              capture_output=True, text=True, timeout=timeout,
                              env={k: v for k, v in os.environ.items() if not k.startswith("MOOC_")})
        if code is not None and done.returncode != code:
            raise AssertionError(f"{program} {' '.join(map(str, arguments))}: exit {done.returncode}\n"
                                 f"{done.stdout}{done.stderr}")
        return done

    def query(self, sql, *parameters):
        with psycopg.connect(self.conninfo(os.environ["PGUSER"]), autocommit=True) as connection:
            cursor = connection.execute(sql, parameters or None)
            return cursor.fetchall() if cursor.description else None


def wait_for(check, seconds, what, every=0.2):
    """Until check() is true; its value. Fails naming `what` and the last value."""
    deadline = time.monotonic() + seconds
    while True:
        value = check()
        if value:
            return value
        if time.monotonic() > deadline:
            raise AssertionError(f"after {seconds} s still not: {what}")
        time.sleep(every)
