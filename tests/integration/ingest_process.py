"""One mooc-ingest with one source, started and stopped by a test, and its log as every honest reader sees it."""
import json
import os
import signal
import subprocess
import time
from pathlib import Path

import shard_log

ROOT = Path(__file__).resolve().parents[2]
INGEST = Path(os.environ.get("MOOC_BIN_DIR", ROOT / "build/asan")) / "mooc-ingest"
TOPICS = ("events", "state", "dead")


class IngestProcess:
    """`source` is that of the configuration, `options` are further keys; `secrets` are files made in `folder` unless they are there, by
    name."""

    def __init__(self, brokers, prefix, folder, source, secrets, **options):
        self.brokers, self.prefix, self.folder = brokers, prefix, folder
        (folder / "data").mkdir(mode=0o700, exist_ok=True)
        for name, secret in ({"key": b"k" * 32} | secrets).items():
            if not (folder / name).exists():
                (folder / name).touch(mode=0o600)
                (folder / name).write_bytes(secret)
        config = {"brokers": brokers, "data_dir": str(folder / "data"), "instance": "a", "group": prefix + "g",
                  "hmac_key_file": str(folder / "key"), "reference": str(ROOT / "config/hagiang-2023"),
                  "metrics": {"listen": "off"}, "sources": [source]}
        config |= {f"{topic}_topic": f"{prefix}mooc.{topic}.v1" for topic in TOPICS} | options
        self.config = folder / "ingest.yaml"
        self.config.write_text(json.dumps(config))  # JSON is YAML
        self.process = None

    def __enter__(self):
        return self.start()

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.kill()

    def start(self):
        self.log = open(self.folder / "log", "ab")
        self.process = subprocess.Popen([INGEST, "run", "--config", self.config], stderr=self.log)
        return self

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        begun = time.monotonic()
        assert self.process.wait(10) == 0, self.errors()
        assert time.monotonic() - begun < 5

    def kill(self):
        self.process.kill()
        self.process.wait()

    def errors(self):
        return (self.folder / "log").read_text()[-3000:]

    def command(self, *arguments):
        return subprocess.run([INGEST, *arguments, "--config", self.config], capture_output=True, text=True)

    def last(self):
        """The newest event of each entity, after checking every chain."""
        return shard_log.by_type(shard_log.check_chains(shard_log.events(self.brokers, self.prefix)))

    def marks(self):
        swept = {}
        for event in self.last()["source.swept"].values():
            name = event["data"]["stream"]
            swept.setdefault(name, []).append(event["data"]["through"])
        return {name: min(times) for name, times in swept.items()}

    def wait(self, condition, seconds=60):
        """Until condition(newest events by type) holds."""
        deadline = time.monotonic() + seconds
        while True:
            assert self.process.poll() is None, self.errors()
            last = self.last()
            if condition(last):
                return last
            assert time.monotonic() < deadline, {k: len(v) for k, v in last.items()} | {"log": self.errors()}
            time.sleep(0.5)
