"""The worked example of a JSON API answers as README.md defines it, and breaks as told."""

from __future__ import annotations

import json
import sys
from datetime import datetime
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import world as worlds  # noqa: E402
from platforms.simulator import Simulator  # noqa: E402
from world.model import micros  # noqa: E402

OPTIONS = {"learners": 120, "courses": 2, "units": 4, "revoked": 3, "left_after_passing": 5}
USERS, FIRST = "/api/v1/users", "/api/v1/courses/1/"


@pytest.fixture(scope="module")
def world():
    return worlds.load("generic", 4, **OPTIONS)


@pytest.fixture(scope="module")
def shared():
    some = [f"{k}={v}" for k, v in OPTIONS.items()]
    with Simulator("onetouch", world="generic", seed=4, start="end", set=some) as sim:
        yield sim


@pytest.fixture
def sim(shared):
    shared.clear_faults()
    shared.clock(now="end", speed=0)
    shared.request("DELETE", "/_sim/stats")
    return shared


def get(sim, path, key="sim-key"):
    reply = sim.request("GET", path, headers={"X-API-Key": key})
    assert reply.status == 200
    return reply.json()


def walk(sim, path, size=50):
    out, page = [], 1
    while True:
        data = get(sim, f"{path}?page={page}&size={size}")["data"]
        out += data["items"]
        if page * data["size"] >= data["total"]:
            return out
        page += 1


def test_envelope_and_refusals(sim):
    page = get(sim, USERS + "?page=2&size=7")
    assert (page["code"], page["message"]) == (0, "OK")
    assert (page["data"]["page"], page["data"]["size"], len(page["data"]["items"])) == (2, 7, 7)
    assert get(sim, USERS, key="no")["code"] == 401
    assert get(sim, "/api/v1/courses/9/learners")["code"] == 404
    assert get(sim, USERS + "?page=0") == {
        "code": 400, "message": "Tham số page không hợp lệ", "data": None}  # fmt: skip
    assert get(sim, USERS + "?size=9999")["data"]["size"] == 200
    assert get(sim, USERS + "?page=99")["data"]["items"] == []


def test_courses_and_users(sim, world):
    first = get(sim, "/api/v1/courses")["data"]["items"][0]
    assert (first["id"], first["lectureCount"], first["questionCount"]) == (1, 30, 20)
    users = walk(sim, USERS)
    assert [u["email"] for u in users] == [a.email for a in world.accounts]
    person = next(p for p in world.people if p.account == 0)
    assert (users[0]["phone"], users[0]["cccd"]) == (person.phone, person.citizen)
    created = datetime.strptime(users[0]["createdAt"], "%d/%m/%Y %H:%M:%S")
    assert micros(created) == world.accounts[0].joined // 10**6 * 10**6


def test_streams_agree_with_the_truth(sim, world):
    truth = world.truth_at(world.ends, key=None, course=0)["all"]
    on_list = {world.accounts[p.account].user_id for p in world.people if p.account is not None}
    learners = {r["userId"] for r in walk(sim, FIRST + "learners")}
    exams = walk(sim, FIRST + "exam-results")
    certificates = walk(sim, FIRST + "certificates")
    passed = {r["userId"] for r in exams if r["result"] == "PASS"}
    holding = {r["userId"] for r in certificates if r["revokedAt"] is None}
    assert len(learners & on_list) == truth["enrolled"]
    assert len({r["userId"] for r in exams} & on_list) == truth["sat"]
    assert len(passed & on_list) == truth["passed"]
    assert len(holding & on_list) == truth["certified"]
    assert any(r["revokedAt"] for r in certificates)
    assert all(0 <= r["correctAnswers"] <= r["questionCount"] == 20 for r in exams)


def test_time_passes(sim):
    sim.clock(now="begin")
    assert get(sim, USERS)["data"]["total"] == 0
    sim.clock(advance=3 * 86400)
    middle = get(sim, FIRST + "learners")["data"]["total"]
    sim.clock(now="end")
    assert 0 < middle < get(sim, FIRST + "learners")["data"]["total"]


def test_faults(sim):
    sim.fault("error200", count=1)
    assert get(sim, USERS)["code"] == 500
    sim.fault("empty", count=1)
    assert get(sim, USERS)["data"]["items"] == []
    sim.fault("duplicate", count=1, rows=2)
    rows = get(sim, USERS + "?size=10")["data"]["items"]
    assert len(rows) == 12 and rows[10:] == rows[:2]
    sim.fault("bad_row", count=1, raw={"userId": "1e999"})
    body = sim.request("GET", USERS, headers={"X-API-Key": "sim-key"}).body
    assert b'"userId":1e999' in body and json.loads(body)["data"]["items"][0]["userId"] > 2**53
    sim.fault("repeat_next", count=1)
    assert get(sim, USERS + "?page=2")["data"]["items"] == get(sim, USERS)["data"]["items"]
    sim.fault("endless", count=1)
    far = get(sim, USERS + "?page=5000")["data"]
    assert far["items"] and far["total"] == 10**9
    sim.fault("gzip_bomb", count=1, bytes=5_000_000)
    packed = sim.request("GET", USERS)
    assert packed.headers["Content-Encoding"] == "gzip" and len(packed.body) < 100_000
    sim.fault("vanish")
    assert get(sim, FIRST + "learners")["data"]["total"] == 0


def test_key_in_a_url_is_recorded(sim):
    sim.request("GET", USERS + "?k=sim-key")
    assert sim.stats()["credentials_in_urls"] == {"k": 1}


def test_rate_and_ids_above_two_to_the_53():
    options = {"world": "generic", "set": ["learners=5"], "start": "end"}
    with Simulator("onetouch", rate="2/minute", big_ids=True, **options) as sim:
        ids = [u["userId"] for u in walk(sim, USERS)]
        assert min(ids) > 2**53 and len(ids) == len(set(ids))
        assert get(sim, USERS)["code"] == 0 and get(sim, USERS)["code"] == 429


def test_progress_by_day(sim, world):
    """Each day on which somebody did more, with the total by its end; of everybody, also who has left."""
    rows = walk(sim, "/api/v1/courses/2/daily-progress")
    days = [(r["userId"], r["date"]) for r in rows]
    assert len(days) == len(set(days)) > 100
    assert all(r["lastLearnedAt"].startswith(r["date"]) and 0 < r["lecturesDone"] <= r["lectureCount"] for r in rows)
    last = {}
    for r in rows:
        assert r["lecturesDone"] > last.get(r["userId"], 0)
        last[r["userId"]] = r["lecturesDone"]
    enrolled = {r["userId"]: r["lecturesDone"] for r in walk(sim, "/api/v1/courses/2/learners")}
    assert all(last.get(user, 0) == done for user, done in enrolled.items()) and set(last) - set(enrolled)
