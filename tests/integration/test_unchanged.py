"""mooc-ingest against a platform whose answers carry ETags: what has not changed is not read again, what has is seen at once, and nobody
is ever removed because a list was "not modified". And the day's requests, counted over a kill."""
import hashlib
import json
import time

import pytest

from ingest_process import IngestProcess
from json_server import JsonServer

KINDS = ("enrollment.created", "enrollment.cancelled", "exam.graded", "certificate.issued")

CONNECTOR = """
connector: hall
version: 1
title: {en: A hall}
auth: {kind: none}
streams:
  enrollments:
    for_each: course
    request: {path: "/members", query: {course: "{course}"}}
    pages: {by: next, next: /next}
    records: /rows
    every: 200ms
    on_vanish: remove
    learner: {account: /id}
    events:
      - {type: enrollment.created, time: /at}
  exams:
    for_each: course
    request: {path: "/exams", query: {course: "{course}"}}
    pages: {by: next, next: /next}
    records: /rows
    every: 1h
    head: {every: 200ms, time: /at}
    on_vanish: keep
    learner: {account: /id}
    events:
      - {type: exam.graded, exam: course, key: /try, attempt: /try, score: /score, max_score: "10", time: /at}
  certificates:
    for_each: course
    request: {path: "/certificates", query: {course: "{course}"}}
    records: /rows
    conditional: false
    every: 300ms
    on_vanish: remove
    learner: {account: /id}
    events:
      - {type: certificate.issued, time: /at}
"""


class Hall:
    """Lists by path, in pages of 100; what was asked, as (path, whether conditionally, status)."""

    def __init__(self):
        self.lists = {"/members": [], "/exams": [], "/certificates": []}
        self.asked = []

    def answer(self, path, query, headers):
        at = int(query.get("at", "0"))
        rows = self.lists[path]
        link = f"{path}?at={at + 100}" if len(rows) > at + 100 else None
        page = {"rows": rows[at:at + 100], "next": link}
        etag = f'"{hashlib.sha256(json.dumps(page).encode()).hexdigest()[:16]}"'
        known = headers.get("If-None-Match")
        status = 304 if known == etag else 200
        self.asked.append((path, known is not None, status))
        return status, page if status == 200 else None, {"ETag": etag}

    def of(self, path, since=0):
        return [a[1:] for a in self.asked[since:] if a[0] == path]

    def wait(self, condition, what, seconds=10):
        deadline = time.monotonic() + seconds
        while not condition():
            assert time.monotonic() < deadline, (what, self.asked[-12:])
            time.sleep(0.05)

    def wait_unchanged(self, path, times, since=None):
        since = len(self.asked) if since is None else since
        self.wait(lambda: self.of(path, since).count((True, 304)) >= times, f"{path} unchanged {times} times")


def row(name, day, **more):
    return {"id": name, "at": f"2026-09-{day:02}T08:00:00Z"} | more


@pytest.fixture
def hall():
    hall = Hall()
    with JsonServer(hall.answer) as server:
        hall.url = server.url
        yield hall


def ingest_of(brokers, prefix, tmp_path, hall, **source):
    (tmp_path / "connectors").mkdir(exist_ok=True)
    (tmp_path / "connectors/hall.yaml").write_text(CONNECTOR)
    source = {"name": "hall", "kind": "hall", "url": hall.url, "courses": ["c"], "requests_per_minute": 60000} | source
    return IngestProcess(brokers, prefix, tmp_path, source, {}, connectors_dir=str(tmp_path / "connectors"))


def requests_today(ingest):
    return json.loads(ingest.command("status", "--format", "json").stdout)["sources"][0].get("requests_today", 0)


def test_what_has_not_changed_is_not_read_again(brokers, prefix, tmp_path, hall):
    hall.lists["/members"] = [row(name, 1) for name in "abc"]
    hall.lists["/exams"] = [row("a", 2, **{"try": 1, "score": 5})]
    hall.lists["/certificates"] = [row("a", 3)]
    with ingest_of(brokers, prefix, tmp_path, hall, requests_per_day=100000) as ingest:
        hall.wait_unchanged("/members", 3, 0)
        hall.wait_unchanged("/exams", 3, 0)
        assert hall.of("/members")[0] == (False, 200)

        # Somebody comes: seen at once, by the sweep of the one list and the head of the other.
        since = len(hall.asked)
        hall.lists["/members"].append(row("d", 4))
        hall.lists["/exams"].insert(0, row("b", 5, **{"try": 1, "score": 7}))
        hall.wait_unchanged("/members", 2)
        hall.wait_unchanged("/exams", 2)
        assert hall.of("/members", since).count((True, 200)) == 1
        assert hall.of("/exams", since).count((True, 200)) == 1

        # Somebody leaves: the second look, which decides, is at the whole list again, and so is the one after that decision.
        since = len(hall.asked)
        hall.lists["/members"] = [r for r in hall.lists["/members"] if r["id"] != "b"]
        hall.wait_unchanged("/members", 6, since)
        assert [a for a in hall.of("/members", since) if a != (True, 304)] == [(True, 200), (False, 200), (False, 200)]
        last = ingest.wait(lambda last: last["enrollment.cancelled"], 10)
        assert [len(last[kind]) for kind in KINDS] == [3, 1, 2, 1]

        # It goes on giving marks, without a page read or an event.
        since = len(hall.asked)
        hall.wait_unchanged("/members", 2)
        swept = [e["data"] for e in last["source.swept"].values() if e["data"]["stream"] == "enrollments"]
        assert {m["records"] for m in swept} == {3}
        last = ingest.wait(lambda _: ingest.marks()["enrollments"] > max(m["through"] for m in swept), 10)
        assert set(hall.of("/members", since)) == {(True, 304)}
        assert [len(last[kind]) for kind in KINDS] == [3, 1, 2, 1]

        # A list of two pages is read whole each time: its first says nothing of its second.
        since = len(hall.asked)
        hall.lists["/members"] += [row(f"m{i}", 6) for i in range(120)]
        hall.wait(lambda: len(hall.of("/members", since)) >= 10, "two pages")
        assert set(hall.of("/members", since)[4:]) == {(False, 200)}
        assert set(hall.of("/certificates")) == {(False, 200)}, "conditional: false"

        # Whoever has read the state anew knows of no page, but of today's requests.
        ingest.kill()
        since = len(hall.asked)
        ingest.start()
        hall.wait_unchanged("/exams", 2, since)
        assert hall.of("/exams", since)[0] == (False, 200)
        sent = len(hall.asked)
        hall.wait(lambda: requests_today(ingest) >= sent, "today's requests", 5)
        assert requests_today(ingest) <= len(hall.asked) + 200
        last = ingest.last()
        assert [len(last[kind]) for kind in KINDS] == [123, 1, 2, 1]


@pytest.mark.long
def test_the_days_bound_holds_over_a_kill(brokers, prefix, tmp_path, hall):
    hall.lists["/members"] = [row("a", 1)]
    bound = 60
    with ingest_of(brokers, prefix, tmp_path, hall, requests_per_day=bound) as ingest:
        hall.wait(lambda: len(hall.asked) >= 30, "half of the day's requests", 30)
        ingest.kill()
        ingest.start()
        hall.wait(lambda: len(hall.asked) >= bound - 6, "the rest of the day's requests", 30)
        time.sleep(1.5)
        assert bound - 6 <= len(hall.asked) <= bound
        ingest.stop()
        spent = len(hall.asked)
        ingest.start()
        deadline = time.monotonic() + 15
        while "are spent" not in (said := ingest.command("status").stdout):
            assert time.monotonic() < deadline, said + ingest.errors()
            time.sleep(0.3)
        assert len(hall.asked) == spent
