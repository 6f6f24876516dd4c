"""The simulated LRS behaves as the xAPI specification says an LRS does."""

from __future__ import annotations

import base64
import json
import sys
from collections import Counter
from datetime import datetime, timedelta
from http.client import HTTPException
from pathlib import Path
from urllib.parse import urlencode

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import world as worlds  # noqa: E402
from platforms.simulator import Simulator  # noqa: E402
from platforms.xapi_statements import VERBS, Style, actor_of, statements  # noqa: E402
from world.model import micros  # noqa: E402

PATH = "/xapi/statements"
OPTIONS = {"learners": 60, "courses": 2, "units": 4, "revoked": 3, "left_after_passing": 4}
BASIC = "Basic " + base64.b64encode(b"mooc-pulse:sim-secret").decode()
HEADERS = {"Authorization": BASIC, "X-Experience-API-Version": "1.0.3"}
SETTINGS = {"platform": "xapi", "world": "generic", "seed": 4, "start": "end"}
SETTINGS["set"] = [f"{k}={v}" for k, v in OPTIONS.items()]


@pytest.fixture(scope="module")
def world():
    return worlds.load("generic", 4, **OPTIONS)


@pytest.fixture(scope="module")
def shared():
    with Simulator(**SETTINGS) as sim:
        yield sim


@pytest.fixture
def lrs(shared):
    shared.clear_faults()
    shared.request("POST", "/_sim/lag", {"seconds": 0})
    shared.clock(now="end", speed=0)
    shared.request("DELETE", "/_sim/stats")
    return shared


def get(sim, path: str = PATH, headers=None, **query):
    path += "?" + urlencode(query) if query else ""
    return sim.request("GET", path, headers={**HEADERS, **(headers or {})})


def walk(sim, **query) -> list[dict]:
    reply = get(sim, **query)
    out = reply.json()["statements"]
    while reply.json()["more"]:
        reply = get(sim, reply.json()["more"])
        out += reply.json()["statements"]
    return out


def time_of(text: str) -> int:
    when = datetime.fromisoformat(text)
    return micros(when if when.tzinfo else datetime.fromisoformat(text + "Z"))


def without_voided(rows: list[dict]) -> Counter:
    return Counter(r["verb"]["id"] for r in rows if r["verb"]["id"] != VERBS["voided"])


# ---- what the statements say


@pytest.mark.parametrize("actor", ["mbox", "sha1", "account"])
def test_statements_say_what_the_truth_says(world, actor):
    """A fold over what is stored and not voided gives the measures of the world."""
    all_ = statements(world, Style(actor=actor))
    gone = {s.target for s in all_ if s.verb == VERBS["voided"]}
    facts: dict[str, set] = {}
    state: dict = {}
    for s in all_:
        if s.id in gone or s.verb == VERBS["voided"]:
            continue
        who = json.dumps(s.body["actor"], sort_keys=True)
        course = s.body["object"]["definition"].get("extensions", {}) or s.body["object"]["id"]
        key = (who, str(course).rpartition("/courses/")[2].partition("/")[0].rstrip("'}"))
        state.setdefault(key, {})[s.verb] = s
        if s.verb in (VERBS["registered"], VERBS["unregistered"]):
            state[key]["in"] = s.verb == VERBS["registered"]
        if s.verb in (VERBS["passed"], VERBS["failed"]):
            state[key]["passed"] = s.verb == VERBS["passed"]
    for (who, _), seen in state.items():
        mine = facts.setdefault(who, set())
        mine |= {"enrolled"} if seen.get("in") else set()
        mine |= {"passed"} if seen.get("passed") else set()
        mine |= {"certified"} if VERBS["earned"] in seen else set()
        mine |= {"participated"} if VERBS["initialized"] in seen else set()
    for n, account in enumerate(world.accounts):
        who = json.dumps(actor_of(account, actor, world.ends), sort_keys=True)
        real = world.facts_at(n, world.ends)
        for name in ("enrolled", "passed", "certified", "participated"):
            assert (name in facts.get(who, ())) == real[name], (account.username, name)


def test_statements_come_in_all_forms_that_the_specification_allows(world):
    rows = [s.body for s in statements(world)]
    assert len({r["id"] for r in rows}) == len(rows)
    kinds = Counter(k for r in rows for k in r["actor"] if k in ("mbox", "mbox_sha1sum", "account"))
    assert set(kinds) == {"mbox", "mbox_sha1sum", "account"}
    stamps = [r["timestamp"] for r in rows]
    assert any(t.endswith("+07:00") for t in stamps) and any(t.endswith("-03:30") for t in stamps)
    assert any(len(t.rpartition(".")[2]) == 10 for t in stamps), "nanoseconds"
    assert any(t[-1].isdigit() and "+" not in t and t.count("-") == 2 for t in stamps), "no zone"
    for s in statements(world):
        assert 0 <= s.stored - time_of(s.body["timestamp"]) < 2000
    newer = statements(world, Style(version="2.0.0"))
    assert all(s.body["timestamp"][-1] == "Z" or s.body["timestamp"][-3] == ":" for s in newer)
    assert any("contextAgents" in s.body.get("context", {}) for s in newer)


# ---- queries


def test_newest_first_and_ascending_give_the_same_statements(lrs, world):
    down, up = walk(lrs), walk(lrs, ascending="true")
    assert down == up[::-1] and len(get(lrs).json()["statements"]) == 100
    assert [r["stored"] for r in up] == sorted(r["stored"] for r in up)
    made = [s for s in statements(world) if s.stored <= world.ends]
    gone = {s.target for s in made if s.target}
    assert [r["id"] for r in up] == [s.id for s in made if s.id not in gone] and gone


def test_since_is_exclusive_and_until_inclusive_on_stored(lrs):
    all_ = walk(lrs, ascending="true")
    a, b = all_[20]["stored"], all_[90]["stored"]
    part = walk(lrs, since=a, until=b)
    assert [r["id"] for r in part[::-1]] == [r["id"] for r in all_ if a < r["stored"] <= b]
    east = datetime.fromisoformat(a).astimezone().isoformat(timespec="milliseconds")
    assert walk(lrs, since=east, until=b) == part


def test_filters(lrs, world):
    all_ = walk(lrs)
    passed = walk(lrs, verb=VERBS["passed"])
    own = [r for r in passed if r["verb"]["id"] == VERBS["passed"]]
    assert len(own) == sum(r["verb"]["id"] == VERBS["passed"] for r in all_) > 10
    course = "https://lms.sim.example/courses/" + world.courses[1].id
    named = walk(lrs, activity=course)
    assert {r["object"]["id"] for r in named} == {course}
    assert len(walk(lrs, activity=course, related_activities="true")) > len(named)
    agent = actor_of(world.accounts[3], "mixed", world.ends)
    mine = walk(lrs, agent=json.dumps(agent))
    assert mine == [r for r in all_ if r["actor"] == agent or r in mine] and len(mine) > 1
    one = next(r for r in all_ if "context" in r)
    assert one in walk(lrs, registration=one["context"]["registration"])
    ids = get(lrs, format="ids", limit=3).json()["statements"]
    assert [list(r["verb"]) for r in ids] == [["id"]] * 3 and len(ids) == 3


def test_voided_statements_vanish_and_the_voiding_ones_stay(lrs):
    voiding = [r for r in walk(lrs) if r["verb"]["id"] == VERBS["voided"]]
    assert len(voiding) >= 3
    target = voiding[0]["object"]["id"]
    assert voiding[0]["object"]["objectType"] == "StatementRef"
    assert get(lrs, statementId=target).status == 404
    gone = get(lrs, voidedStatementId=target)
    assert gone.status == 200 and gone.json()["id"] == target
    assert get(lrs, voidedStatementId=voiding[0]["id"]).status == 404
    kept = get(lrs, statementId=voiding[0]["id"])
    assert kept.json() == voiding[0] and "Last-Modified" in kept.headers
    verb = gone.json()["verb"]["id"]
    by_target = walk(lrs, verb=verb)
    assert voiding[0] in by_target, "a StatementRef matches as its target does"
    assert target not in {r["id"] for r in by_target}


def test_voiding_takes_effect_when_it_is_stored(lrs):
    for voiding in (r for r in walk(lrs) if r["verb"]["id"] == VERBS["voided"]):
        target = get(lrs, voidedStatementId=voiding["object"]["id"]).json()
        if target["stored"] < voiding["stored"]:
            break
    assert target["verb"]["id"] == VERBS["earned"] and target["stored"] < voiding["stored"]
    at = datetime.fromisoformat(voiding["stored"])
    lrs.clock(now=(at - timedelta(milliseconds=1)).isoformat())
    assert get(lrs, statementId=target["id"]).json() == target


@pytest.mark.parametrize(
    "query",
    ["foo=1", "since=yesterday", "until=2026-13-01T00:00:00Z", "limit=-1", "ascending=yes",
     "agent=x", "agent=%7B%7D", "verb=passed", "registration=7", "format=xml", "statementId=1",
     "statementId=6f1c9a52-2d0e-4c8c-9e3b-6f5d1b7f0c11&limit=1", "Since=2026-01-01T00:00:00Z",
     "statementId=6f1c9a52-2d0e-4c8c-9e3b-6f5d1b7f0c11"
     "&voidedStatementId=6f1c9a52-2d0e-4c8c-9e3b-6f5d1b7f0c11"],
)  # fmt: skip
def test_wrong_parameters_are_400(lrs, query):
    reply = get(lrs, f"{PATH}?{query}")
    assert reply.status == 400 and reply.json()["error"]


def test_versions(lrs):
    none = lrs.request("GET", PATH, headers={"Authorization": BASIC})
    assert none.status == 400 and "X-Experience-API-Version" in none.json()["error"]
    for asked, status, answered in (
        ("1.0", 200, "1.0.3"), ("1.0.1", 200, "1.0.3"), ("1.1.0", 400, "1.0.3"),
        ("0.95", 400, "1.0.3"), ("2.0.0", 200, "2.0.0"), ("3.0.0", 400, "1.0.3"),
    ):  # fmt: skip
        reply = get(lrs, headers={"X-Experience-API-Version": asked})
        assert (reply.status, reply.headers["X-Experience-API-Version"]) == (status, answered)
    two = {"X-Experience-API-Version": "2.0.0"}
    assert get(lrs, headers=two, since="2026-03-03T00:00:00").status == 400, "zone needed in 2.0"
    assert get(lrs, since="2026-03-03T00:00:00").status == 200
    assert lrs.request("GET", "/xapi/about").json() == {"version": ["1.0.3", "2.0.0"]}


def test_an_lrs_of_2_0_alone():
    two = {"X-Experience-API-Version": "2.0.0"}
    with Simulator(**SETTINGS, versions="2.0.0", statements="2.0", batch=60_000) as sim:
        old = get(sim)
        assert (old.status, old.headers["X-Experience-API-Version"]) == (400, "2.0.0")
        rows = get(sim, headers=two).json()["statements"]
        assert {r["version"] for r in rows} == {"2.0.0"}
        assert all(datetime.fromisoformat(r["timestamp"]).tzinfo for r in rows)
        assert len({r["stored"] for r in rows}) < len(rows), "sent together, stored at once"
        assert all(r["stored"].endswith(":00.000Z") for r in rows)


def test_credentials(lrs):
    wrong = "Basic " + base64.b64encode(b"mooc-pulse:no").decode()
    for header in (wrong, "Bearer x", "Basic %%"):
        reply = get(lrs, headers={"Authorization": header})
        assert reply.status == 401 and reply.headers["WWW-Authenticate"].startswith("Basic")
    get(lrs, PATH + "?token=abc")
    assert lrs.stats()["credentials_in_urls"] == {"token": 1}


def test_more_is_host_relative_and_runs_out(lrs):
    more = get(lrs).json()["more"]
    assert more.startswith("/xapi/statements/more/")
    assert get(lrs, more).status == 200 and get(lrs, more[:-9]).status == 400
    lrs.request("POST", "/_sim/expire-tokens")
    assert get(lrs, more).status == 400
    assert get(lrs, limit=0).json()["more"], "0 is the most that the server gives"
    assert len(get(lrs, limit=5).json()["statements"]) == 5


# ---- what is stored and not yet seen


def test_consistent_through_holds_back_what_may_still_come(lrs):
    lrs.clock(now=micros(datetime.fromisoformat("2026-03-05T12:00:00Z")))
    through = get(lrs).headers["X-Experience-API-Consistent-Through"]
    assert through == "2026-03-05T12:00:00.000Z"
    whole = {r["id"] for r in walk(lrs)}
    lrs.request("POST", "/_sim/lag", {"seconds": 7200})
    through = get(lrs).headers["X-Experience-API-Consistent-Through"]
    assert through == "2026-03-05T10:00:00.000Z"
    early = {r["id"] for r in walk(lrs)}
    assert early < whole, "some are stored and come to be seen later"
    lrs.clock(advance=7200)
    later = walk(lrs, until="2026-03-05T12:00:00Z")
    late = [r for r in later if r["id"] in whole - early]
    assert late and all(r["stored"] > through for r in late), "none of them at or before it"
    assert get(lrs, PATH + "?x=1").headers["X-Experience-API-Consistent-Through"]


def poll(lrs, careful: bool) -> set[str]:
    """Ids that a client has after polling through the whole world with a lag of six hours. A
    careful one asks again from where the LRS says that it is complete."""
    lrs.request("POST", "/_sim/lag", {"seconds": 6 * 3600})
    got, since = set(), "2026-03-01T00:00:00.000Z"
    clock = lrs.clock(now="begin")
    for _ in range(40):
        through = get(lrs).headers["X-Experience-API-Consistent-Through"]
        rows = walk(lrs, ascending="true", since=since)
        got |= {r["id"] for r in rows}
        last = max([r["stored"] for r in rows], default=since)
        since = max(since, min(last, through) if careful else last)
        if clock["micros"] > clock_end(lrs) + 7 * 3600 * 10**6:
            break
        clock = lrs.clock(now=clock["micros"] + 5 * 3600 * 10**6)
    return got


def clock_end(lrs) -> int:
    return micros(datetime.fromisoformat(lrs.clock()["ends"]))


def test_only_a_client_that_heeds_consistent_through_misses_nothing(lrs, world):
    lrs.clock(now="end", advance=24 * 3600)
    there = {r["id"] for r in walk(lrs)}
    assert poll(lrs, careful=True) >= there
    assert there - poll(lrs, careful=False), "those seen late are lost to the other"


@pytest.mark.parametrize("kind", ["html", "error200", "truncate", "deep", "slow", "reset"])
def test_replies_gone_wrong(lrs, kind):
    lrs.fault(kind, path="statements", count=1, bytes_per_second=10**7, depth=1000)
    if kind == "reset":
        with pytest.raises((OSError, HTTPException)):
            get(lrs)
    else:
        reply = get(lrs)
        assert reply.status == 200
        whole = kind == "slow" and len(reply.json()["statements"]) == 100
        assert whole or b'"stored"' not in reply.body or not reply.body.endswith(b"}")
    assert len(get(lrs).json()["statements"]) == 100


def test_faults_and_injection(lrs):
    before = len(walk(lrs))
    lrs.fault("repeat_next", path="statements", count=1)
    first = get(lrs)
    assert first.json()["more"] == PATH
    lrs.fault("foreign_next", path="statements", count=1)
    assert get(lrs).json()["more"].startswith("http://evil.example/xapi/statements/more/")
    lrs.fault("empty", path="statements", count=1)
    assert get(lrs).json() == {"statements": [], "more": ""}
    lrs.fault("bad_row", path="statements", count=1, set={"verb": None})
    assert get(lrs).json()["statements"][0]["verb"] is None
    lrs.fault("status", path="statements", status=429, retry_after=2, count=1)
    assert get(lrs).headers["Retry-After"] == "2"
    lrs.fault("vanish", share=0.5)
    assert len(walk(lrs)) < before
    lrs.clear_faults()
    lrs.request("POST", "/_sim/inject", {"count": 2})
    assert len(walk(lrs)) == before + 2
    lrs.clock(now="begin")
    lrs.clock(now="end")
    assert len(walk(lrs)) == before
    assert lrs.stats()["paths"]["/xapi/statements/more/{token}"] > 3
    assert lrs.truth()["total"]["registered"] == OPTIONS["learners"]
