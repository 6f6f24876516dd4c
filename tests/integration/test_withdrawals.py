"""What records withdraw: when it takes effect, and that a list which also tells of the same certificate does not have it come and go."""
import time
from collections import Counter

import pytest

import shard_log
from ingest_process import IngestProcess
from json_server import JsonServer

CONNECTOR = """
connector: papers
version: 1
title: {en: Papers}
auth: {kind: none}
options:
  heads: {kind: boolean, default: "false", help: The newest are looked at.}
  statements: {kind: boolean, default: "false", help: The list holds statements.}
  asks: {kind: boolean, default: "false", help: Each learner is asked about.}
streams:
  papers:
    only_if: {all: [{is: ["{option.heads}", "false"]}, {is: ["{option.asks}", "false"]}, {is: ["{option.statements}", "false"]}]}
    for_each: course
    request: {path: "/papers", query: {after: "{cursor}"}}
    pages: {by: cursor, next: /after}
    records: /rows
    every: 300ms
    on_vanish: remove
    hold: {share: 0.3, minimum: 3}
    learner: {account: /id}
    events:
      - PAPER
  news:
    only_if: {is: ["{option.heads}", "true"]}
    for_each: course
    request: {path: "/papers", query: {after: "{cursor}"}}
    pages: {by: cursor, next: /after}
    records: /rows
    every: 2s
    head: {every: 100ms, time: /at, overlap: 1s}
    on_vanish: remove
    learner: {account: /id}
    events:
      - PAPER
  seats:
    only_if: {is: ["{option.asks}", "true"]}
    for_each: course
    request: {path: "/seats"}
    records: /rows
    every: 300ms
    on_vanish: remove
    learner: {account: /id}
    events:
      - {type: enrollment.created}
  statements: # of which later ones take earlier ones back for good
    only_if: {is: ["{option.statements}", "true"]}
    for_each: course
    request: {path: "/papers"}
    records: /rows
    every: 300ms
    on_vanish: keep
    learner: {account: /id}
    events:
      - {type: exam.graded, when: {exists: /score}, entity: /name, exam: course, score: /score, max_score: "10", time: /at}
      - {type: exam.graded, when: {exists: /voids}, withdraw: true, entity: /voids}
  answers:
    only_if: {is: ["{option.asks}", "true"]}
    for_each: {learner_of: seats}
    request: {path: "/answers", query: {id: "{learner}", after: "{cursor}"}}
    pages: {by: cursor, next: /after}
    records: /rows
    every: 300ms
    on_vanish: lookup
    learner: {account: /id}
    events:
      - PAPER
""".replace("PAPER", "{type: certificate.issued, when: {not: {exists: /revoked}}, otherwise: withdraw, time: /at}")


def paper(account, day=1):
    return {"id": account, "at": f"2026-09-{day:02}T08:00:00Z"}


def revoked(account, day=1):
    return paper(account, day) | {"revoked": True}


class World:
    """Pages of one list. fails: asked for a page (its number, how often the list was begun), whether it is refused."""

    def __init__(self, *pages, seats=()):
        self.pages, self.seats = list(pages), list(seats)
        self.begun = self.ended = 0
        self.fails = lambda page, begun: False
        self.slow, self.asked = {}, []

    def answer(self, path, query, _headers):
        if path == "/seats":
            self.begun += 1
            return 200, {"rows": [{"id": name} for name in self.seats]}, {}
        page = int(query.get("after") or 0)
        self.begun += path == "/papers" and page == 0
        self.asked.append(page)
        if self.fails(page, self.begun):
            return 400, {}, {}
        time.sleep(self.slow.get(page, 0))
        pages = self.pages
        last = page + 1 >= len(pages)
        self.ended += last
        rows = pages[page]
        if path == "/answers":
            rows = [row for row in rows if str(row["id"]) == query["id"]]
        return 200, {"rows": rows, "after": None if last else str(page + 1)}, {}

    def wait(self, count, of="ended", seconds=20):
        goal, deadline = getattr(self, of) + count + 1, time.monotonic() + seconds
        while getattr(self, of) < goal:
            assert time.monotonic() < deadline
            time.sleep(0.02)
        time.sleep(0.5)  # the transaction of the last one


@pytest.fixture
def running(brokers, prefix, tmp_path):
    """Starts an ingest that watches this world."""
    started = []

    def start(world, **options):
        (tmp_path / "connectors").mkdir()
        (tmp_path / "connectors/papers.yaml").write_text(CONNECTOR)
        server = JsonServer(world.answer).__enter__()
        source = {"name": "p", "kind": "papers", "url": server.url, "allow_http": True, "requests_per_minute": 60000,
                  "courses": ["7"]} | options
        ingest = IngestProcess(brokers, prefix, tmp_path, source, {}, connectors_dir=str(tmp_path / "connectors")).start()
        started.extend((ingest, server))
        return ingest
    yield start
    for thing in started:
        thing.__exit__()


def events(ingest, kind="certificate"):
    return [e["type"].split(".")[1] for e in shard_log.events(ingest.brokers, ingest.prefix) if e["type"].startswith(kind + ".")]


def counts(ingest, kind="certificate"):
    return dict(Counter(events(ingest, kind)))


def issued(ingest, count):
    ingest.wait(lambda last: len(last["certificate.issued"]) == count)


def test_what_an_incomplete_reading_withdraws(running):
    w = World([paper(1), paper(2)], [paper(3)])
    ingest = running(w)
    issued(ingest, 3)

    # Behind a page that fails now and then, a record tells of the certificate: it never goes.
    w.fails = lambda page, begun: page == 1 and begun % 3 != 0
    w.pages = [[revoked(1), paper(2)], [paper(1), paper(3)]]
    w.wait(18, of="begun")
    assert counts(ingest) == {"issued": 3}

    # A page that fails for ever does not keep what is withdrawn before it in force for ever, and nobody behind it is gone.
    w.fails = lambda page, begun: page == 1
    w.pages = [[revoked(1), paper(2)], [paper(3)]]
    w.wait(8, of="begun")
    assert counts(ingest) == {"issued": 3, "revoked": 1}
    assert len(ingest.last()["certificate.issued"]) == 2

    w.fails = lambda page, begun: False
    w.wait(4)
    assert counts(ingest) == {"issued": 3, "revoked": 1}


def test_killed_between_the_records_that_disagree(running):
    """The rest of a reading, gone on with after a restart, does not know what the pages before said."""
    w = World([paper(1)], [paper(100)], [paper(2)])
    ingest = running(w)
    issued(ingest, 3)
    w.slow = {1: 2.5, 3: 5}
    w.wait(0)  # a reading is at its second page
    w.pages = [[paper(1)], [paper(100 + i) for i in range(9)], [paper(2)], [paper(3)], [revoked(1)]]
    deadline = time.monotonic() + 20
    while w.asked[-1] != 3:
        assert time.monotonic() < deadline
        time.sleep(0.05)
    time.sleep(1)  # the transaction with the place
    ingest.kill()
    w.slow = {}
    asked = len(w.asked)
    ingest.start()
    w.wait(3, seconds=60)
    assert 0 < w.asked[asked] < 4, w.asked[asked:]
    assert counts(ingest) == {"issued": 12}

    w.pages[0] = [paper(101)]
    w.pages[1].pop(1)
    w.wait(3)
    assert counts(ingest) == {"issued": 12, "revoked": 1}


@pytest.mark.long
def test_mass_withdrawal(running):
    """More than a transaction takes, on more pages than a list in circles may have; no hold waits for what the platform itself says."""
    pages = [[paper(page * 100 + i) for i in range(100)] for page in range(120)]
    w = World(*pages)
    ingest = running(w)
    issued(ingest, 12000)
    w.pages = [[revoked(row["id"]) for row in page] for page in pages]
    ingest.wait(lambda last: len(last["certificate.revoked"]) == 12000)
    w.wait(2, seconds=60)
    assert counts(ingest) == {"issued": 12000, "revoked": 12000}
    assert "the list has no end" not in ingest.command("status", "--format", "json").stdout


def test_withdrawals_and_holds(running):
    """Of those that are not withdrawn a large share is missing: that waits, as it would without the withdrawals."""
    w = World([paper(i) for i in range(20)])
    ingest = running(w)
    issued(ingest, 20)
    w.pages = [[revoked(i) for i in range(12)] + [paper(i) for i in range(12, 16)]]
    w.wait(4)
    assert counts(ingest) == {"issued": 20, "revoked": 12}
    held = ingest.command("hold", "list").stdout
    assert "4" in held and "p" in held, held

    # They are there again: no withdrawal has counted as a disappearance of the last 24 hours.
    w.pages = [[revoked(i) for i in range(12)] + [paper(i) for i in range(12, 20)]]
    w.wait(3)
    w.pages[0].pop()
    w.wait(4)
    assert counts(ingest) == {"issued": 20, "revoked": 13}


@pytest.mark.parametrize("rows", [[revoked(1, 10), paper(1, 9)], pytest.param([paper(1, 10), revoked(1, 9)], marks=pytest.mark.long)],
                         ids=["withdrawn_first", "told_first"])
def test_head_scans(running, rows):
    w = World([paper(2, 2)], [paper(3)])
    ingest = running(w, heads=True)
    issued(ingest, 2)
    w.pages.insert(0, rows)
    w.wait(5)
    known = counts(ingest)
    w.wait(2)
    assert counts(ingest) == known and known["issued"] <= 4 and known.get("revoked", 0) <= 1
    assert len(ingest.last()["certificate.issued"]) == 3

    w.pages[0] = [revoked(1, 11)]
    w.wait(3)
    assert len(ingest.last()["certificate.issued"]) == 2
    assert counts(ingest)["revoked"] == known.get("revoked", 0) + 1


def test_a_head_scan_withdraws_before_the_next_sweep(running):
    w = World([paper(1, 2)], [paper(2)])
    ingest = running(w, heads=True, streams={"news": {"every": "1h"}})
    issued(ingest, 2)
    time.sleep(1)
    w.pages[0] = [revoked(1, 3)]
    ingest.wait(lambda last: len(last["certificate.revoked"]) == 1, 10)


@pytest.mark.parametrize("split", [False, pytest.param(True, marks=pytest.mark.long)], ids=["one_page", "two_pages"])
@pytest.mark.parametrize("rows", [[revoked(1), paper(1)], [paper(1), revoked(1)]], ids=["withdrawn_first", "told_first"])
def test_answers_about_a_learner(running, rows, split):
    w = World([paper(1)], seats=[1, 2])
    ingest = running(w, asks=True)
    issued(ingest, 1)
    w.pages = [rows[:1], rows[1:]] if split else [rows]
    w.wait(10, of="begun")
    assert counts(ingest) == {"issued": 1}
    w.pages = [[revoked(1)]]
    w.wait(6, of="begun")
    assert counts(ingest) == {"issued": 1, "revoked": 1}


@pytest.mark.parametrize("rows", [[paper(1), (paper(1) | {"at": "x"})], [(paper(1) | {"at": "x"}), paper(1)]], ids=["sound_first", "malformed_first"])
def test_rejections_in_answers_about_a_learner(running, rows):
    w = World([paper(1)], seats=[1, 2])
    ingest = running(w, asks=True)
    issued(ingest, 1)
    w.pages = [rows]
    w.wait(10, of="begun")
    assert events(ingest, "record") == ["rejected"]
    w.pages = [[paper(1)]]
    w.wait(6, of="begun")
    assert events(ingest, "record") == ["rejected", "accepted"]
    assert counts(ingest) == {"issued": 1}


@pytest.mark.parametrize("voided_first", [True, False])
def test_taken_back_for_good_in_a_list(running, voided_first):
    """What voids a statement has the last word, wherever it stands."""
    rows = [paper(1) | {"voids": "a"}, paper(1) | {"name": "a", "score": 5}]
    w = World((rows if voided_first else rows[::-1]) + [paper(2) | {"name": "b", "score": 6}])
    ingest = running(w, statements=True)
    ingest.wait(lambda last: len(last["exam.annulled"]) == 1)
    w.wait(5)
    assert counts(ingest, "exam") == {"graded": 2, "annulled": 1}
