"""mooc-ingest against the simulated Open edX and a real broker: what the platform shows is what the log says, whatever the
platform does in between."""
import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

import shard_log

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests/platforms"))
from simulator import Simulator  # noqa: E402

INGEST = Path(os.environ.get("MOOC_BIN_DIR", ROOT / "build/asan")) / "mooc-ingest"
COURSE = "course-v1:DEAN06+CDS01+2023"
TOPICS = ("events", "state", "dead")


@pytest.fixture
def sim():
    with Simulator(world="hagiang", seed=1, port=0, start="end", speed=0) as simulator:
        yield simulator


class Ingest:
    def __init__(self, brokers, prefix, folder, url, **source):
        self.brokers, self.prefix, self.folder = brokers, prefix, folder
        (folder / "data").mkdir(mode=0o700, exist_ok=True)
        for name, secret in (("key", b"k" * 32), ("secret", b"sim-secret")):
            if not (folder / name).exists():
                (folder / name).touch(mode=0o600)
                (folder / name).write_bytes(secret)
        settings = {"name": "daotao", "kind": "openedx", "url": url, "client_id": "mooc-pulse",
                    "client_secret_file": str(folder / "secret"), "requests_per_minute": 60000,
                    "max_concurrent": 4, "sweep_every": "1s", "head_every": "500ms",
                    "certificates_every": "3s", "accounts_every": "3s"} | source
        config = {"brokers": brokers, "data_dir": str(folder / "data"), "instance": "a", "group": prefix + "g",
                  "hmac_key_file": str(folder / "key"), "reference": str(ROOT / "config/hagiang-2023"),
                  "metrics": {"listen": "off"}, "sources": [settings]}
        config |= {f"{topic}_topic": f"{prefix}mooc.{topic}.v1" for topic in TOPICS}
        self.config = folder / "ingest.yaml"
        self.config.write_text(json.dumps(config))  # JSON is YAML
        self.process = None

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


def counts(last):
    """Distinct learners by what is in force."""
    exams = last["exam.graded"].values()
    return {"enrolled": len(last["enrollment.created"]),
            "cancelled": len(last["enrollment.cancelled"]),
            "participated": len({e["subject"] for e in last["learning.progressed"].values()}),
            "passed": sum(e["data"]["passed"] for e in exams),
            "sat": sum(e["data"]["sat"] for e in exams),
            "certified": len(last["certificate.issued"])}


def shown(sim):
    """The same, from what the platform shows, walked by the test itself."""
    sim.login()
    enrollments = sim.walk(f"/api/enrollment/v1/enrollments?course_id={COURSE.replace('+', '%2B')}")
    grades = sim.walk(f"/api/grades/v1/courses/{COURSE}/?page_size=5000")
    book = {r["username"]: r["section_breakdown"] for r in sim.walk(f"/api/grades/v1/gradebook/{COURSE}/?page_size=5000")}
    attempted = {name for name, rows in book.items() if any(r["attempted"] for r in rows)}
    exam = {name for name, rows in book.items()
            if any(r["attempted"] and r["subsection_name"] == "Thi cuối khóa" for r in rows)}
    return {"enrolled": sum(r["is_active"] for r in enrollments),
            "cancelled": sum(not r["is_active"] for r in enrollments),
            "participated": sum(r["percent"] > 0 or r["username"] in attempted for r in grades),
            "passed": sum(r["passed"] for r in grades),
            "sat": sum(r["passed"] or r["username"] in exam for r in grades),
            "certified": sim.state()["certificates"]}


@pytest.fixture
def ingest(brokers, prefix, tmp_path, sim):
    instance = Ingest(brokers, prefix, tmp_path, sim.url)
    yield instance
    if instance.process and instance.process.poll() is None:
        instance.kill()


def test_the_log_says_what_the_platform_shows(ingest, sim):
    want = shown(sim)
    assert want["passed"] == 2074 and want["participated"] == 2107  # the world: 2072 + 2 and 2103 + 4 on no list
    ingest.start()
    last = ingest.wait(lambda last: counts(last) == want)
    ingest.wait(lambda last: len(ingest.marks()) == 4)
    accounts = last["account.activated"] | last["account.created"]
    assert len(accounts) == want["enrolled"] + want["cancelled"]
    assert all(e["data"]["identifiers"][0].startswith("email:") for e in accounts.values())
    for kind in last.values():
        for event in kind.values():
            assert "@" not in json.dumps(event).replace("account@daotao:", "")
    ingest.stop()
    ingest.start()
    marks = ingest.marks()
    ingest.wait(lambda last: all(ingest.marks()[name] > through for name, through in marks.items()))
    ingest.stop()
    facts = [e for e in shard_log.events(ingest.brokers, ingest.prefix) if e["type"] != "source.swept"]
    assert len(facts) == sum(len(v) for k, v in last.items() if k != "source.swept"), "a re-sweep published again"


def test_killed_while_people_learn(brokers, prefix, tmp_path):
    moments = random.Random(int(os.environ.get("MOOC_SEED", "11")))
    with Simulator(world="hagiang", seed=1, port=0, start="begin", speed=24000) as sim:
        ingest = Ingest(brokers, prefix, tmp_path, sim.url)
        while not sim.clock()["finished"]:
            ingest.start()
            time.sleep(moments.uniform(0.5, 5))
            ingest.kill()
        want = shown(sim)
        ingest.start()
        ingest.wait(lambda last: counts(last) == want)
        ingest.stop()


@pytest.mark.parametrize("fault, stream, word", [
    ({"kind": "html", "path": "/enrollments"}, "enrollments", "HTML"),
    ({"kind": "foreign_next", "path": "/grades/v1/courses", "host": "evil.example"}, "grades", "evil.example"),
    ({"kind": "oversize", "path": "/gradebook", "bytes": 70_000_000}, "grades", "larger than"),
    ({"kind": "html", "path": "/certificates"}, "certificates", "HTML"),
    ({"kind": "error200", "path": "/accounts"}, "accounts", "no list"),
], ids=lambda value: value.get("kind") if isinstance(value, dict) else None)
def test_what_is_not_data_is_never_taken_for_it(ingest, sim, fault, stream, word):
    """The other streams go on, the broken one says why, gives no mark, and recovers by itself."""
    want = shown(sim)
    sim.fault(**fault)
    ingest.start()

    def problem():
        status = json.loads(ingest.command("status", "--format", "json").stdout or "{}")
        return json.dumps(status, ensure_ascii=False)

    deadline = time.monotonic() + 60
    while word not in problem():
        assert time.monotonic() < deadline, problem()
        time.sleep(0.3)
    sound = {"enrollments": "enrolled", "grades": "participated", "certificates": "certified"}
    healthy = [key for name, key in sound.items() if name != stream and (name, stream) != ("certificates", "grades")]
    last = ingest.wait(lambda last: all(counts(last)[key] == want[key] for key in healthy))
    if "gradebook" in fault["path"]:  # who passed is seen, attempts are not
        last = ingest.wait(lambda last: counts(last)["passed"] == want["passed"])
    assert stream not in ingest.marks()
    assert stream in sound and counts(last)[sound[stream]] < want[sound[stream]] or \
        stream == "accounts" and not last["account.activated"]
    sim.clear_faults()
    ingest.wait(lambda last: counts(last) == want and stream in ingest.marks())
    ingest.stop()


def test_a_broken_record_is_a_dead_letter_until_it_is_whole(ingest, sim):
    want = shown(sim)
    sim.fault("bad_row", path="/grades/v1/courses", row=3, set={"percent": "viel"})
    ingest.start()
    ingest.wait(lambda last: len(last["record.rejected"]) > 0 and "grades" in ingest.marks())
    last = ingest.last()
    for event in last["record.rejected"].values():
        assert event["data"]["reason"] == "percent_malformed"
        assert event["data"]["stream"] == "grades" and event["data"]["substream"] == COURSE
        assert event["entity"].startswith("dead:daotao:grades:")
        kept = ingest.folder / "data/quarantine/daotao" / f"grades.{event['entity'].rpartition(':')[2]}.json"
        assert kept.stat().st_mode & 0o777 == 0o600
        raw = json.loads(kept.read_text())
        assert raw["record"]["percent"] == "viel" and raw["reason"] == "percent_malformed"
        assert raw["record"]["username"] not in json.dumps(event)
    assert counts(last)["passed"] >= want["passed"] - 3
    sim.clear_faults()
    ingest.wait(lambda last: not last["record.rejected"] and counts(last) == want)
    ingest.stop()
    assert not list((ingest.folder / "data/quarantine/daotao").iterdir())


def test_tokens_that_expire_in_mid_sweep(brokers, prefix, tmp_path):
    with Simulator(world="hagiang", seed=1, port=0, start="end", speed=0) as sim:
        want = shown(sim)
        sim.fault("expire_token", path="/certificates", probability=0.01)
        ingest = Ingest(brokers, prefix, tmp_path, sim.url).start()
        ingest.wait(lambda last: counts(last) == want)
        ingest.stop()
        stats = sim.stats()
        assert stats["status"].get("401", 0) > 0
        assert stats["tokens_issued"] < 200


def test_without_gradebook_only_passing_is_seen(brokers, prefix, tmp_path):
    with Simulator(world="hagiang", seed=1, port=0, start="end", speed=0, no_gradebook=True) as sim:
        sim.login()
        grades = sim.walk(f"/api/grades/v1/courses/{COURSE}/?page_size=5000")
        ingest = Ingest(brokers, prefix, tmp_path, sim.url).start()
        ingest.wait(lambda last: "grades" in ingest.marks())
        last = ingest.last()
        assert counts(last)["sat"] == counts(last)["passed"] == sum(r["passed"] for r in grades)
        assert counts(last)["participated"] == sum(r["percent"] > 0 for r in grades)
        assert "not visible here" in ingest.command("status").stdout
        checked = ingest.command("check", "daotao")
        assert checked.returncode == 0 and "not visible" in checked.stdout
        ingest.stop()


def test_new_learners_are_seen_between_sweeps(brokers, prefix, tmp_path, sim):
    ingest = Ingest(brokers, prefix, tmp_path, sim.url, sweep_every="1h", head_every="300ms").start()
    ingest.wait(lambda last: len(ingest.marks()) == 4)
    before = ingest.last()
    sim.request("POST", "/_sim/inject", {"course": COURSE, "count": 5})
    accounts = len(before["account.activated"] | before["account.created"])
    after = ingest.wait(lambda last: len(last["enrollment.created"]) == len(before["enrollment.created"]) + 5, 15)
    if len(after["account.activated"] | after["account.created"]) < accounts + 5:
        ingest.wait(lambda last: len(last["account.activated"] | last["account.created"]) >= accounts + 5, 15)
    ingest.stop()


def test_check_names_what_is_wrong(ingest, sim):
    assert ingest.command("check", "daotao").returncode == 0
    (ingest.folder / "secret").write_bytes(b"wrong")
    refused = ingest.command("check", "daotao")
    assert refused.returncode != 0
    assert "client_id and client_secret_file" in refused.stdout + refused.stderr
    assert "wrong" not in refused.stdout + refused.stderr
