"""`mooc-ingest backfill`, and `dead retry` as it, while the platform, or who is to do it, is away: it says what it waits for, and can be
left."""
import json
import signal
import subprocess
import time

import pytest

from ingest_process import INGEST, IngestProcess
from json_server import JsonServer

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
    every: 1h
    on_vanish: remove
    learner: {account: /id}
    events:
      - {type: enrollment.created, time: /at}
"""

CERTIFICATES = """
  certificates:
    for_each: course
    request: {path: "/certificates", query: {course: "{course}"}}
    pages: {by: next, next: /next}
    records: /rows
    every: 1h
    on_vanish: remove
    learner: {account: /id}
    events:
      - {type: certificate.issued, time: /at}
"""


class Hall:
    """One list of each course, and its certificates, which are not shown of c; away: every question is answered by 503."""
    away = False
    since = "2026-09-01T08:00:00Z"
    members_s = 0

    def answer(self, path, query, headers):
        if self.away:
            return 503, None, {"Retry-After": "1"}
        if path == "/certificates":
            return (403, None, {}) if query["course"] == "c" else (200, {"rows": [], "next": None}, {})
        time.sleep(self.members_s)
        return 200, {"rows": [{"id": "a", "at": self.since}], "next": None}, {}


@pytest.fixture
def hall():
    hall = Hall()
    with JsonServer(hall.answer) as server:
        hall.url = server.url
        yield hall


def watching(brokers, prefix, folder, hall, connector=CONNECTOR, courses=("c",)):
    (folder / "connectors").mkdir()
    (folder / "connectors/hall.yaml").write_text(connector)
    source = {"name": "hall", "kind": "hall", "url": hall.url, "courses": courses, "requests_per_minute": 60000}
    return IngestProcess(brokers, prefix, folder, source, {}, connectors_dir=str(folder / "connectors"))


@pytest.fixture
def ingest(brokers, prefix, tmp_path, hall):
    with watching(brokers, prefix, tmp_path, hall) as ingest:
        ingest.wait(lambda last: len(last["enrollment.created"]) == 1)
        yield ingest


class Backfill:
    """The command, and the lines it has told so far."""

    def __init__(self, ingest, *words):
        self.path = ingest.folder / "backfill.log"
        with open(self.path, "wb") as log:
            self.process = subprocess.Popen([INGEST, *(words or ("backfill", "hall")), "--config", ingest.config], stdout=subprocess.PIPE,
                                            stderr=log, text=True)

    def lines(self):
        return [json.loads(line) for line in self.path.read_text().splitlines() if line.startswith("{")]

    def wait_told(self, condition, seconds=15):
        deadline = time.monotonic() + seconds
        while not any(condition(line) for line in self.lines()):
            assert self.process.poll() is None, self.path.read_text()
            assert time.monotonic() < deadline, self.path.read_text()
            time.sleep(0.1)

    def stop(self):
        begun = time.monotonic()
        self.process.send_signal(signal.SIGINT)
        code = self.process.wait(10)
        assert time.monotonic() - begun < 3
        return code, self.path.read_text()


def of_waiting(words):
    return lambda line: line["what"] == "waiting" and line["source"] == "hall" and words in line["why"]


@pytest.mark.long
def test_a_platform_that_is_down_is_told_until_it_is_back(ingest, hall):
    hall.away = True
    backfill = Backfill(ingest)
    backfill.wait_told(of_waiting("enrollments of c: 127.0.0.1: the platform has a fault (HTTP 503)"))
    backfill.wait_told(lambda line: of_waiting("HTTP 503")(line) and line["waited_s"] >= 15, 30)
    told = [line["waited_s"] for line in backfill.lines() if line["what"] == "waiting"]
    assert len(told) <= 3, "at once and now and then, not all the time"
    hall.away = False
    assert backfill.process.communicate(timeout=60)[0] == "hall: 1 of 1 parts were read\n" and backfill.process.returncode == 0


@pytest.mark.parametrize("told, words", [
    ("no longer looking; the job is kept, and the running mooc-ingest goes on with it", ("backfill", "hall")),
    ("no longer looking; the job is kept, and the running mooc-ingest goes on with it", ("dead", "retry")),
    ("không theo dõi nữa; việc được giữ lại, và mooc-ingest đang chạy vẫn làm tiếp", ("dead", "retry", "--lang", "vi"))],
    ids=["backfill", "dead retry", "in Vietnamese"])
def test_who_has_had_enough_leaves_and_the_job_stays(ingest, hall, told, words):
    hall.since = "soon"
    assert ingest.command("backfill", "hall").returncode == 0
    hall.away = True
    backfill = Backfill(ingest, *words)
    backfill.wait_told(of_waiting("HTTP 503"))
    code, said = backfill.stop()
    assert code == 1 and said.endswith(f"mooc-ingest: {told}\n")
    assert len(list((ingest.folder / "data/spool/hall.backfill").glob("*.job"))) == 1


def test_a_paused_source_and_a_mooc_ingest_that_ended_are_told(ingest, hall):
    assert ingest.command("pause", "hall").returncode == 0
    backfill = Backfill(ingest)
    backfill.wait_told(of_waiting("the source is paused: `mooc-ingest resume` watches it again"))
    ingest.kill()
    backfill.wait_told(of_waiting("no `mooc-ingest run` is at work here"), 30)
    ingest.start()
    ingest.wait(lambda _: ingest.command("resume", "hall").returncode == 0)
    assert backfill.process.communicate(timeout=60)[0] == "hall: 1 of 1 parts were read\n" and backfill.process.returncode == 0


@pytest.mark.parametrize("courses, since, members_s, words, told, code", [
    ("cd", "soon", 6, ("dead", "retry"), "hall: asked again: 0 of 2 records are good now, 2 are still rejected\n", 0),
    ("cdefgh", Hall.since, 2, ("backfill", "hall"), "hall: 11 of 12 parts were read; `mooc-ingest status` says what is wrong\n", 1)],
    ids=["dead retry", "backfill"])
def test_what_does_not_keep_the_job_waiting_is_not_told(brokers, prefix, tmp_path, hall, courses, since, members_s, words, told, code):
    """Neither what is wrong with a stream that it is not about, nor anything while it moves on."""
    hall.since = since
    with watching(brokers, prefix, tmp_path, hall, CONNECTOR + CERTIFICATES, [*courses]) as ingest:
        ingest.wait(lambda last: len(last["enrollment.created"]) + len(last["record.rejected"]) == len(courses))
        ingest.wait(lambda _: "HTTP 403" in (ingest.folder / "data/status.json").read_text())
        hall.members_s = members_s
        backfill = Backfill(ingest, *words)
        said, _ = backfill.process.communicate(timeout=60)
        assert told in said + backfill.path.read_text() and backfill.process.returncode == code
        assert {line["what"] for line in backfill.lines()} == {"parts"}, backfill.lines()
