"""Lists that cannot be believed as they stand: what contradicts itself, does not say whom it is about, hides what explains it, or never
ends. Nothing is removed by it, and nothing is published again and again."""
import time

import pytest

import shard_log
from ingest_process import IngestProcess
from json_server import JsonServer

CONNECTOR = """
connector: lists
version: 1
title: {en: Lists}
auth: {kind: none}
streams:
  seats:
    for_each: course
    request: {path: "/seats", query: {after: "{cursor}"}}
    pages: {by: cursor, next: /after}
    records: /rows
    every: 300ms
    on_vanish: remove
    learner: {account: /id}
    events:
      - {type: enrollment.created, time: {value: /at, format: unix}}
  items:
    for_each: course
    request: {path: "/items"}
    records: /rows
    absent: [403]
    remember: {key: /id, fields: {most: /most}}
  marks:
    for_each: course
    request: {path: "/marks"}
    records: /rows
    every: 300ms
    on_vanish: remove
    look_up: {items: {key: /item, required: true}}
    learner: {account: /id}
    skip: {not: {known: items}}
    events:
      - {type: exam.graded, exam: /item, score: /score, max_score: "{items.most}", time: {value: /at, format: unix}}
"""
AT = 1757000000


class World:
    def __init__(self):
        self.seats = [{"id": i, "at": AT} for i in range(8)]
        self.marks = [{"id": i, "item": "a", "score": i, "at": AT} for i in range(8)]
        self.endless = self.hidden = False
        self.asked = self.swept = 0

    def answer(self, path, *_):
        self.asked += 1
        if path == "/items":
            self.swept += self.hidden
            return (403, {}, {}) if self.hidden else (200, {"rows": [{"id": "a", "most": 10}]}, {})
        self.swept += 1
        if path == "/marks":
            return 200, {"rows": self.marks}, {}
        rows = [row | {"tick": self.asked} for row in self.seats] if self.endless else self.seats
        return 200, {"rows": rows, "after": str(self.asked) if self.endless else None}, {}


def facts(ingest):
    return [e["id"] for e in shard_log.events(ingest.brokers, ingest.prefix) if e["type"] != "source.swept"]


def sweeps(world, count=3):
    """So many complete sweeps more of every list."""
    goal = world.swept + count * 2  # two lists with events
    deadline = time.monotonic() + 15
    while world.swept < goal + 2:
        assert time.monotonic() < deadline
        time.sleep(0.05)


def problem(ingest, words):
    deadline = time.monotonic() + 10
    while words not in (status := ingest.command("status", "--format", "json").stdout):
        assert time.monotonic() < deadline, status
        time.sleep(0.2)


@pytest.mark.long
def test_disagreeing_lists(brokers, prefix, tmp_path):
    (tmp_path / "connectors").mkdir()
    (tmp_path / "connectors/lists.yaml").write_text(CONNECTOR)
    w = World()
    with JsonServer(w.answer) as server:
        source = {"name": "s", "kind": "lists", "url": server.url, "allow_http": True,
                  "requests_per_minute": 60000, "courses": ["7"]}
        with IngestProcess(brokers, prefix, tmp_path, source, {}, connectors_dir=str(tmp_path / "connectors")) as ingest:
            sweeps(w)

            # One learner twice, each time otherwise; and a sound record beside an impossible one.
            w.seats.append({"id": 0, "at": AT + 60})
            w.marks += [{"id": 0, "item": "a", "score": 9, "at": AT}, {"id": 9, "item": "a", "score": "x", "at": AT},
                        {"id": 9, "item": "a", "score": 5, "at": AT}]
            problem(ingest, "says something else than one before it")
            sweeps(w)
            known = facts(ingest)
            sweeps(w)
            assert facts(ingest) == known, "published again"

            # Two who are named no longer, and one whose date became impossible, are not gone; nor is a mark whose item is not shown.
            w.seats = w.seats[:8]
            w.seats[1] = w.seats[1] | {"id": None}
            w.seats[2] = w.seats[2] | {"id": ""}
            w.seats[3] = w.seats[3] | {"at": "31/02/2026"}
            w.hidden = True
            problem(ingest, "whom they are about")
            sweeps(w, 4)
            last = ingest.last()
            assert len(last["enrollment.created"]) == 8 and not last["enrollment.cancelled"]
            assert not last["exam.annulled"]

            # Named again, they take their rejections back, and whoever is then missing is gone.
            w.seats = [{"id": i, "at": AT} for i in range(8) if i != 5]
            w.hidden = False
            sweeps(w, 4)
            w.endless = True
            problem(ingest, "the list has no end")
            last = ingest.last()
            assert len(last["enrollment.created"]) == 7 and len(last["enrollment.cancelled"]) == 1
            assert {e["data"]["stream"] for e in last["record.rejected"].values()} <= {"marks"}


class OneTouch:
    """One course with a list of learners and one of certificates; the other lists are empty."""

    def __init__(self, learners=None, certificates=None):
        self.learners = learners or [learner("u1", 2), learner("u1", 7), learner("u3", 1)]
        self.certificates = certificates or []
        self.swept = 0

    def answer(self, path, *_):
        name = path.rsplit("/", 1)[1]
        self.swept += name == "learners"
        items = {"learners": self.learners, "certificates": self.certificates}.get(name, [])
        return 200, {"code": "0", "data": {"total": len(items), "items": items}}, {}


def learner(account, done):
    return {"userId": account, "registeredAt": "01/09/2026 08:00:00", "lecturesDone": done, "lectureCount": 10}


def certificate(account, issued, **more):
    return {"userId": account, "issuedAt": f"{issued} 08:00:00"} | more


REVOKED = {"revokedAt": "05/09/2026 08:00:00"}


def onetouch_source(server, folder):
    return {"name": "ot", "kind": "onetouch", "url": server.url, "allow_http": True, "api_key_file": str(folder / "api"),
            "requests_per_minute": 60000, "sweep_every": "300ms", "courses": ["7"]}


def more_sweeps(world, count=4):
    goal = world.swept + count + 1
    deadline = time.monotonic() + 15
    while world.swept < goal:
        assert time.monotonic() < deadline
        time.sleep(0.05)
    time.sleep(0.5)  # the transaction of the last one


def progress(ingest):
    return [e["data"].get("progress") for e in shard_log.events(ingest.brokers, ingest.prefix)
            if e["type"] == "learning.progressed"]


def test_lasting_events_of_a_contradicting_list(brokers, prefix, tmp_path):
    """What outlives its record (`on_vanish: keep`) is told once in a sweep, too."""
    w = OneTouch()
    with JsonServer(w.answer) as server:
        with IngestProcess(brokers, prefix, tmp_path, onetouch_source(server, tmp_path), {"api": b"x"}) as ingest:
            problem(ingest, "says something else than one before it")
            more_sweeps(w)
            known = facts(ingest)
            more_sweeps(w)
            assert facts(ingest) == known, progress(ingest)

            # What does change from one sweep to the next is told, and so is the other record when the first is gone.
            w.learners = [learner("u1", 3), learner("u1", 7), learner("u3", 4)]
            more_sweeps(w)
            assert progress(ingest).count(0.3) == 1 and progress(ingest).count(0.4) == 1
            w.learners = [learner("u1", 7)]
            more_sweeps(w)
            told = progress(ingest)
            assert sorted(told) == [0.1, 0.2, 0.3, 0.4, 0.7], told

            # Not after a restart either, and who is listed no longer has learned all the same.
            w.learners = [learner("u1", 7), learner("u1", 2)]
            more_sweeps(w)
            ingest.stop()
            ingest.start()
            more_sweeps(w)
            assert progress(ingest) == told
            assert len(ingest.last()["learning.progressed"]) == 2


STEPS = """
connector: steps
version: 1
title: {en: Steps}
auth: {kind: none}
streams:
  steps:
    for_each: course
    request: {path: "/steps", query: {after: "{cursor}"}}
    pages: {by: cursor, next: /after}
    records: /rows
    every: 300ms
    on_vanish: remove
    learner: {account: /id}
    events:
      - {type: learning.progressed, on_vanish: keep, progress: /done, time: {value: /at, format: unix}}
"""


def test_a_long_list_of_what_outlives_its_records_has_an_end(brokers, prefix, tmp_path):
    (tmp_path / "connectors").mkdir()
    (tmp_path / "connectors/steps.yaml").write_text(STEPS)

    def answer(path, query, *_):
        number = int(query.get("after") or 0)
        rows = [{"id": number, "done": 0.5, "at": AT}]
        return 200, {"rows": rows, "after": str(number + 1) if number < 129 else None}, {}

    with JsonServer(answer) as server:
        source = {"name": "s", "kind": "steps", "url": server.url, "allow_http": True,
                  "requests_per_minute": 60000, "courses": ["7"]}
        with IngestProcess(brokers, prefix, tmp_path, source, {}, connectors_dir=str(tmp_path / "connectors")) as ingest:
            deadline = time.monotonic() + 20
            while "source.swept" not in {e["type"] for e in shard_log.events(ingest.brokers, ingest.prefix)}:
                assert time.monotonic() < deadline, ingest.command("status").stdout
                time.sleep(0.2)
            assert "has no end" not in ingest.errors()
            assert len(facts(ingest)) == 130


def told(ingest, kind):
    """Every event of this kind ("learning"), in order, by the word that tells what became of it."""
    return [e["type"].split(".")[1] for e in shard_log.events(ingest.brokers, ingest.prefix) if e["type"].startswith(kind + ".")]


@pytest.mark.parametrize("order", [(0, 5), (5, 0)], ids=["withdrawn_first", "told_first"])
def test_withdrawn_and_told_by_one_list(brokers, prefix, tmp_path, order):
    """Who is listed as having learned has, whatever another record of the list says; who is listed as having not, only then has not."""
    w = OneTouch([learner("u1", 0)] + [learner("u2", done) for done in order])
    with JsonServer(w.answer) as server:
        with IngestProcess(brokers, prefix, tmp_path, onetouch_source(server, tmp_path), {"api": b"x"}) as ingest:
            problem(ingest, "says something else than one before it")
            more_sweeps(w, 6)
            assert told(ingest, "learning") == ["progressed"]

            ingest.kill()
            ingest.start()
            problem(ingest, "says something else than one before it")
            more_sweeps(w)
            assert told(ingest, "learning") == ["progressed"]

            w.learners = [learner("u1", 0), learner("u2", 0)]
            more_sweeps(w)
            assert told(ingest, "learning") == ["progressed", "withdrawn"]
            assert "says something else" not in ingest.command("status", "--format", "json").stdout
            w.learners = [learner("u1", 0), learner("u2", 5)]
            more_sweeps(w)
            assert told(ingest, "learning") == ["progressed", "withdrawn", "progressed"]
            assert progress(ingest) == [0.5, 0.5]
            last = ingest.last()
            assert len(last["enrollment.created"]) == 2 and not last["enrollment.cancelled"]


@pytest.mark.parametrize("revoked_first", [True, False])
def test_certificate_revoked_and_issued_anew_in_one_list(brokers, prefix, tmp_path, revoked_first):
    old, new = certificate("u1", "01/09/2026", **REVOKED), certificate("u1", "10/09/2026")
    w = OneTouch(certificates=[certificate("u1", "01/09/2026"), certificate("u2", "02/09/2026")])
    with JsonServer(w.answer) as server:
        with IngestProcess(brokers, prefix, tmp_path, onetouch_source(server, tmp_path), {"api": b"x"}) as ingest:
            ingest.wait(lambda last: len(last["certificate.issued"]) == 2)
            w.certificates = [old, new] if revoked_first else [new, old]
            w.certificates += [certificate("u2", "02/09/2026")]
            more_sweeps(w, 6)
            assert told(ingest, "certificate") == ["issued", "issued"]
            assert len(ingest.last()["certificate.issued"]) == 2

            w.certificates = [old, certificate("u2", "02/09/2026")]
            more_sweeps(w)
            assert told(ingest, "certificate") == ["issued", "issued", "revoked"]


@pytest.mark.parametrize("readable_first", [True, False])
def test_withdrawn_by_one_record_and_unreadable_in_another(brokers, prefix, tmp_path, readable_first):
    """Neither the certificate nor the rejection of the other record comes and goes."""
    rows = [certificate("u1", "01/09/2026", **REVOKED), certificate("u1", "31/02/2026")]
    w = OneTouch(certificates=[certificate("u1", "01/09/2026")])
    with JsonServer(w.answer) as server:
        with IngestProcess(brokers, prefix, tmp_path, onetouch_source(server, tmp_path), {"api": b"x"}) as ingest:
            ingest.wait(lambda last: len(last["certificate.issued"]) == 1)
            w.certificates = rows if readable_first else rows[::-1]
            more_sweeps(w, 6)
            assert told(ingest, "certificate") == ["issued", "revoked"] and told(ingest, "record") == ["rejected"]
            w.certificates = rows[:1]
            more_sweeps(w)
            assert told(ingest, "certificate") == ["issued", "revoked"] and told(ingest, "record") == ["rejected", "accepted"]
