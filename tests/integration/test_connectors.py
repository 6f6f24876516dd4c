"""mooc-ingest by shipped connectors against their simulated platforms and a real broker: what the platform shows, walked and counted
by the test itself, is what the log says, also after people leave and marks change."""
import base64
import json
import threading
import time
import urllib.parse
from datetime import datetime

import pytest

import shard_log
from harness.stack import wait_for
from ingest_process import IngestProcess
from json_server import JsonServer
from simulator import Simulator

WORLD = [f"{k}={v}" for k, v in {"learners": 90, "courses": 2, "units": 4, "revoked": 3, "left_after_passing": 6}.items()]
MIDDLE, LATER = "2026-03-08T08:00:00+07:00", "2026-03-10T00:00:00+07:00"  # people leave, learn and pass in between


def of(event):
    """Learner and course."""
    return event["subject"], event["data"]["course"]


def settles(ingest, told, want):
    """Until the log says what the platform shows; else what differs is in the assertion."""
    deadline = time.monotonic() + 30
    while told(last := ingest.last()) != want and time.monotonic() < deadline:
        time.sleep(0.3)
    assert told(last) == want, ingest.command("status").stdout + ingest.errors()
    return last


def facts(ingest):
    return [e["id"] for e in shard_log.events(ingest.brokers, ingest.prefix) if e["type"] != "source.swept"]


def sweeps_again(ingest, streams):
    """One more complete round of every stream."""
    before = ingest.marks()
    ingest.wait(lambda _: set(now := ingest.marks()) == streams and
                all(now[name] > before.get(name, "") for name in streams), 15)


def problems(ingest):
    """What `status` says is wrong, by stream."""
    found = {}

    def visit(node):
        if isinstance(node, dict):
            if node.get("stream") and node.get("problem"):
                found[node["stream"]] = json.dumps(node["problem"], ensure_ascii=False)
            for child in node.values():
                visit(child)
        elif isinstance(node, list):
            for child in node:
                visit(child)

    visit(json.loads(ingest.command("status", "--format", "json").stdout or "{}"))
    return found


def wait_for_problem(ingest, stream, word):
    deadline = time.monotonic() + 10
    while word not in (found := problems(ingest)).get(stream, ""):
        assert time.monotonic() < deadline, ingest.command("status", "--format", "json").stdout + ingest.errors()
        time.sleep(0.2)
    assert set(found) == {stream}


# ---- a JSON API of its own


def onetouch_shown(sim, learners=True):
    """Without `learners`, only what does not need that list."""
    def walk(path):
        out, page = [], 1
        while True:
            reply = sim.request("GET", f"{path}?page={page}&size=50", headers={"X-API-Key": "sim-key"}).json()
            assert reply["code"] == 0
            out += reply["data"]["items"]
            if len(out) >= reply["data"]["total"]:
                return out
            page += 1

    names = ("enrolled", "participated", "passed", "certified") if learners else ("passed", "certified")
    sets = {name: set() for name in names}
    attempts = []
    for course in walk("/api/v1/courses"):
        path, key = f"/api/v1/courses/{course['id']}", course["id"]
        exams = walk(path + "/exam-results")
        if learners:
            rows = walk(path + "/learners")
            sets["enrolled"] |= {(key, r["userId"]) for r in rows}
            sets["participated"] |= {(key, r["userId"]) for r in rows if r["lecturesDone"] > 0}
        sets["passed"] |= {(key, r["userId"]) for r in exams if r["result"] == "PASS"}
        sets["certified"] |= {(key, r["userId"]) for r in walk(path + "/certificates") if not r["revokedAt"]}
        attempts += [r["correctAnswers"] for r in exams]
    users = walk("/api/v1/users")
    return {name: len(found) for name, found in sets.items()} | {
        "attempts": sorted(attempts), "active": sum(u["active"] for u in users), "accounts": len(users)}


def learned(last):
    return {of(e) for e in last["learning.progressed"].values()}


def onetouch_told(last):
    exams = last["exam.graded"].values()
    return {"enrolled": len({of(e) for e in last["enrollment.created"].values()}),
            "participated": len(learned(last) & {of(e) for e in last["enrollment.created"].values()}),
            "passed": len({of(e) for e in exams if e["data"]["passed"]}),
            "certified": len({of(e) for e in last["certificate.issued"].values()}),
            "attempts": sorted(e["data"]["score"] for e in exams),
            "active": len(last["account.activated"]),
            "accounts": len(last["account.activated"]) + len(last["account.created"])}


def test_onetouch(brokers, prefix, tmp_path):
    streams = {"users", "enrollments", "exams", "certificates"}
    source = {"name": "mot", "kind": "onetouch", "api_key_file": str(tmp_path / "secret"), "sweep_every": "1s",
              "requests_per_minute": 60000, "page_size": 50, "courses": ["1", "2"]}
    with Simulator("onetouch", world="generic", seed=4, start=MIDDLE, speed=0, set=WORLD) as sim, \
            IngestProcess(brokers, prefix, tmp_path, source | {"url": sim.url}, {"secret": b"sim-key"}) as ingest:
        want = onetouch_shown(sim)
        assert min(want[k] for k in ("enrolled", "participated", "passed", "certified")) > 20
        before = settles(ingest, onetouch_told, want)
        graded = sim.request("GET", "/api/v1/courses/1/exam-results", headers={"X-API-Key": "sim-key"}).json()
        when = graded["data"]["items"][0]["submittedAt"]  # dd/MM/yyyy HH:mm:ss of Viet Nam
        when = datetime.strptime(when + " +0700", "%d/%m/%Y %H:%M:%S %z")
        assert when in {datetime.fromisoformat(e["time"]) for e in before["exam.graded"].values()}

        sweeps_again(ingest, streams)
        known = facts(ingest)
        sweeps_again(ingest, streams)
        assert facts(ingest) == known, "a re-sweep published again"

        # An error in an envelope of status 200: that stream says so, the others go on.
        sim.fault("error200", path="/learners")
        wait_for_problem(ingest, "enrollments", "Lỗi hệ thống")
        sim.clock(now=LATER)
        final = onetouch_shown(sim, learners=False)
        assert final["passed"] > want["passed"] and len(final["attempts"]) > len(want["attempts"])
        last = ingest.wait(lambda last: onetouch_told(last).items() >= final.items(), 20)
        assert onetouch_told(last)["enrolled"] == want["enrolled"]
        sim.clear_faults()
        final = onetouch_shown(sim)
        last = settles(ingest, onetouch_told, final)
        gone = set(before["enrollment.created"]) - set(last["enrollment.created"])
        assert gone and gone <= set(last["enrollment.cancelled"]) and not problems(ingest)
        left = {of(before["enrollment.created"][e]) for e in gone} & learned(before)
        assert left and left <= learned(last), "who leaves has learned all the same"
        assert not last["learning.withdrawn"]

        # A mark changes afterwards.
        sim.fault("bad_row", path="/courses/1/exam-results", row=0, set={"correctAnswers": 1, "result": "FAIL"})
        regraded = settles(ingest, onetouch_told, onetouch_shown(sim))
        changed = [e for e in regraded["exam.graded"] if regraded["exam.graded"][e]["data"] != last["exam.graded"][e]["data"]]
        assert len(changed) == 1 and regraded["exam.graded"][changed[0]]["data"]["score"] == 1

        # A second attempt of a learner cannot be mapped: the first, which can, does not take the rejection back.
        sim.clear_faults()
        sim.fault("bad_row", path="/courses/1/exam-results", row=1, set={
            "userId": graded["data"]["items"][0]["userId"], "attemptNo": 2, "correctAnswers": "17/20"})
        wait_for_problem(ingest, "exams", "1 records could not be mapped")
        sweeps_again(ingest, streams)
        dead = ingest.command("dead", "list").stdout
        assert dead.count("score_malformed: `correctanswers` is not a number") == 1
        known = facts(ingest)
        sweeps_again(ingest, streams)
        assert facts(ingest) == known and ingest.command("dead", "list").stdout == dead
        ingest.stop()


# ---- OneRoster


def oneroster_shown(sim, folders):
    rostering, gradebook = folders
    version = rostering[-4:]
    scope = " ".join(f"https://purl.imsglobal.org/spec/or/{version}/scope/{n}.readonly" for n in ("roster-core", "gradebook"))
    form = urllib.parse.urlencode({"grant_type": "client_credentials", "scope": scope}).encode()
    basic = {"Authorization": "Basic " + base64.b64encode(b"mooc-pulse:sim-secret").decode()}
    bearer = {"Authorization": "Bearer " + sim.request("POST", "/token", form, basic).json()["access_token"]}

    def walk(folder, name):
        out = []
        while True:
            path = f"/ims/oneroster/{folder}/{name}?limit=100&offset={len(out)}"
            rows = sim.request("GET", path, headers=bearer).json()[name]
            out += rows
            if len(rows) < 100:
                return out

    seats = [r for r in walk(rostering, "enrollments") if r["role"] == "student" and r["status"] == "active"]
    users = walk(rostering, "users")
    return {"enrolled": len({(r["class"]["sourcedId"], r["user"]["sourcedId"]) for r in seats}),
            "scores": sorted((r["lineItem"]["sourcedId"], r["score"]) for r in walk(gradebook, "results")),
            "active": sum(r["enabledUser"] == "true" for r in users), "accounts": len(users)}


def oneroster_told(last):
    exams = last["exam.graded"].values()
    return {"enrolled": len({of(e) for e in last["enrollment.created"].values()}),
            "scores": sorted((e["data"]["exam"], e["data"]["score"]) for e in exams),
            "active": len(last["account.activated"]),
            "accounts": len(last["account.activated"]) + len(last["account.created"])}


@pytest.mark.parametrize("folders, options", [
    pytest.param(("v1p1", "v1p1"), {}, marks=pytest.mark.long),
    (("rostering/v1p2", "gradebook/v1p2"), {"no_count": True, "no_link": True}),
], ids=["1.1", "1.2"])
def test_oneroster(brokers, prefix, tmp_path, folders, options):
    """What comes after the first walk comes by dateLastModified alone: no further walk is due within the test."""
    streams = {"users", "enrollments", "results"}
    scope = " ".join(f"https://purl.imsglobal.org/spec/or/{folders[0][-4:]}/scope/{n}.readonly" for n in ("roster-core", "gradebook"))
    source = {"name": "hai", "kind": "oneroster", "client_id": "mooc-pulse", "client_secret_file": str(tmp_path / "secret"),
              "rostering": folders[0], "gradebook": folders[1], "scope": scope, "sweep_every": "1s", "accounts_every": "1s",
              "requests_per_minute": 60000, "courses": ["class-1", "class-2"]}
    with Simulator("oneroster", world="generic", seed=4, start=MIDDLE, speed=0, set=WORLD, **options) as sim, \
            IngestProcess(brokers, prefix, tmp_path, source | {"url": sim.url}, {"secret": b"sim-secret"}) as ingest:
        want = oneroster_shown(sim, folders)
        assert want["enrolled"] > 90 and len(want["scores"]) > 200
        before = settles(ingest, oneroster_told, want)
        sweeps_again(ingest, streams)
        known = facts(ingest)
        sweeps_again(ingest, streams)
        assert facts(ingest) == known, "a re-read published again"

        # A failure in a reply of status 200: 1.1 has a list beside it, an empty one.
        sim.fault("error200", path="/enrollments")
        wait_for_problem(ingest, "enrollments", "Internal error")
        sim.clear_faults()
        sim.clock(now=LATER)
        final = oneroster_shown(sim, folders)
        assert final["scores"] != want["scores"]
        last = settles(ingest, oneroster_told, final)
        gone = set(before["enrollment.created"]) - set(last["enrollment.created"])
        assert gone and gone <= set(last["enrollment.cancelled"]), "tobedeleted"
        ingest.stop()


# ---- what status says of rejected records

MARKS = """
connector: marks
version: 1
title: {en: Marks}
auth: {kind: none}
budget: {requests_per_minute: 6000}
streams:
  marks:
    for_each: course
    request: {path: /marks}
    records: /rows
    every: 200ms
    on_vanish: remove
    learner: {account: /id}
    events:
      - {type: exam.graded, exam: final, score: /right, max_score: "10"}
"""


def test_a_rejected_record_is_told_while_the_list_is_read_again(brokers, prefix, tmp_path):
    goes_on = threading.Event()
    goes_on.set()

    def answer(_path, _query, _headers):
        goes_on.wait(20)
        return 200, {"rows": [{"id": "a", "right": 7}, {"id": "b", "right": "7/10"}]}, {}

    (tmp_path / "connectors").mkdir()
    (tmp_path / "connectors/marks.yaml").write_text(MARKS)
    with JsonServer(answer) as server, IngestProcess(
            brokers, prefix, tmp_path, {"name": "m", "kind": "marks", "url": server.url, "courses": ["1"]}, {},
            connectors_dir=str(tmp_path / "connectors")) as ingest:
        wait_for_problem(ingest, "marks", "1 records could not be mapped")
        goes_on.clear()
        wait_for(lambda: "reading marks" in ingest.command("status").stdout, 10, "it is read again")
        assert "1 records could not be mapped" in ingest.command("status").stdout
        goes_on.set()
        ingest.stop()
