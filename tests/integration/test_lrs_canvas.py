"""mooc-ingest by its shipped connectors against a simulated LRS and a simulated Canvas: what the platform shows, walked and counted by
the test itself, is what the log says."""
import base64
import json
import re
import sys
import time
from datetime import datetime

import pytest

from test_openedx import Ingest, ROOT

sys.path.insert(0, str(ROOT / "tests/platforms"))
from simulator import Simulator  # noqa: E402

SMALL = [f"{k}={v}" for k, v in {"learners": 90, "courses": 2, "units": 4, "revoked": 3, "left_after_passing": 8}.items()]
VERB = {"registered": "http://adlnet.gov/expapi/verbs/registered", "passed": "http://adlnet.gov/expapi/verbs/passed",
        "unregistered": "http://id.tincanapi.com/verb/unregistered", "voided": "http://adlnet.gov/expapi/verbs/voided",
        "earned": "http://id.tincanapi.com/verb/earned"}


def made(brokers, prefix, folder, sim, secret, **source):
    """An instance whose only source is this one."""
    ingest = Ingest(brokers, prefix, folder, sim.url)
    (folder / "secret").write_bytes(secret)
    config = json.loads(ingest.config.read_text())
    config["sources"] = [{"name": "other", "url": sim.url, "requests_per_minute": 60000} | source]
    ingest.config.write_text(json.dumps(config))
    return ingest


def settles(ingest, sim, what, want):
    """The figures come to what the platform shows, and further rounds of reading add nothing but marks."""
    last = ingest.wait(lambda last: what(last) == want, 40)
    before, asked = facts(ingest), sim.stats()["requests"]
    ingest.wait(lambda _: sim.stats()["requests"] >= asked + 20, 40)
    assert facts(ingest) == before, "published again, though nothing has changed"
    return last


def facts(ingest):
    return sum(len(v) for k, v in ingest.last().items() if k != "source.swept")


def half_way(sim):
    begins, ends = (datetime.fromisoformat(sim.clock()[name]) for name in ("begins", "ends"))
    sim.clock(advance=(ends - begins).total_seconds() / 2)


# ---- xAPI


def statements(sim, version):
    headers = {"Authorization": "Basic " + base64.b64encode(b"mooc-pulse:sim-secret").decode(),
               "X-Experience-API-Version": version}
    path, out = "/xapi/statements?ascending=true", []
    while path:
        page = sim.request("GET", path, headers=headers).json()
        out += page["statements"]
        path = page.get("more")
    return out


def lrs_says(rows):
    """By verb: who is enrolled at the end, what was passed, earned, and who acts at all."""
    enrolled = {}
    for r in rows:
        who = json.dumps(r["actor"], sort_keys=True)
        verb = r["verb"]["id"]
        if verb in (VERB["registered"], VERB["unregistered"]):
            enrolled[who, r["object"]["id"]] = verb == VERB["registered"]
    return {"enrolled": sum(enrolled.values()), "left": sum(not e for e in enrolled.values()),
            "passed": sum(r["verb"]["id"] == VERB["passed"] for r in rows),
            "certified": sum(r["verb"]["id"] == VERB["earned"] for r in rows)}


def log_says(last):
    return {"enrolled": len(last["enrollment.created"]), "left": len(last["enrollment.cancelled"]),
            "passed": sum(e["data"]["passed"] for e in last["exam.graded"].values()),
            "certified": len(last["certificate.issued"])}


@pytest.mark.parametrize("version", ["1.0.3", pytest.param("2.0.0", marks=pytest.mark.long)])
def test_an_lrs_is_followed(brokers, prefix, tmp_path, version):
    options = {"statements": "2.0"} if version == "2.0.0" else {}
    with Simulator("xapi", world="generic", seed=4, start="begin", speed=0, set=SMALL, actor="account", sim_date=True, **options) as sim:
        half_way(sim)
        ingest = made(brokers, prefix, tmp_path, sim, b"sim-secret", kind="xapi", url=sim.url + "/xapi", user="mooc-pulse",
                      password_file=str(tmp_path / "secret"), xapi_version=version,
                      streams={"statements": {"every": "500ms"}}).start()
        want = lrs_says(statements(sim, version))
        assert want["enrolled"] > 20
        ingest.wait(lambda last: log_says(last) == want, 40)
        sim.clock(now="end")  # later: attempts, departures, voided mistakes
        want = lrs_says(statements(sim, version))
        assert want["left"] > 0 and want["certified"] > 20
        last = settles(ingest, sim, log_says, want)
        assert last["account.created"] and not last["record.rejected"]
        assert "sim-secret" not in json.dumps(sim.stats())
        asked = sim.stats()["rows"]
        time.sleep(1.5)
        assert sim.stats()["rows"] - asked < len(statements(sim, version)), "windows read everything again"
        ingest.stop()


# ---- Canvas


def canvas_walk(sim, path):
    out = []
    while path:
        reply = sim.request("GET", path, headers={"Authorization": "Bearer sim-token"})
        assert reply.status == 200, reply
        out += reply.json()
        path = dict((r, u) for u, r in re.findall(r'<([^>]+)>; rel="(\w+)"', reply.headers.get("Link", ""))).get("next")
    return out


def canvas_shows(sim, courses, grades):
    """Enrolments as they are; `grades` gathers, since who leaves a course is no longer among its submissions."""
    states = "&".join("state[]=" + s for s in ("active", "invited", "creation_pending", "completed", "inactive", "rejected", "deleted"))
    enrollments = [e for c in courses for e in canvas_walk(
        sim, f"/api/v1/courses/{c}/enrollments?type[]=StudentEnrollment&{states}&per_page=100")]
    for s in (s for c in courses for s in canvas_walk(
            sim, f"/api/v1/courses/{c}/students/submissions?student_ids[]=all&per_page=100") if s["score"] is not None):
        grades[s["user_id"], s["assignment_id"]] = s["score"]
    going = ("active", "invited", "creation_pending")
    return {"enrolled": sum(e["enrollment_state"] in going for e in enrollments),
            "left": sum(e["enrollment_state"] not in going for e in enrollments),
            "graded": len(grades), "points": sum(grades.values())}


def canvas_told(last):
    exams = last["exam.graded"].values()
    newest = {}
    for e in sorted(exams, key=lambda e: e["data"].get("attempt", 1)):
        newest[e["subject"], e["data"]["exam"], e["data"]["course"]] = e["data"]["score"]
    return {"enrolled": len(last["enrollment.created"]), "left": len(last["enrollment.cancelled"]),
            "graded": len(newest), "points": sum(newest.values())}


def test_canvas_is_followed(brokers, prefix, tmp_path):
    """Enrolments in all states by sweeps, submissions by what was handed in or graded lately; ids that no double holds."""
    with Simulator("canvas", world="generic", seed=4, start="begin", speed=0, set=SMALL, quota=1e9, admin=True, global_ids=True,
                   sim_date=True) as sim:
        half_way(sim)
        courses = [str(c["id"]) for c in canvas_walk(sim, "/api/v1/courses")]
        assert len(courses) == 2 and all(int(c) > 2**53 for c in courses)
        ingest = made(brokers, prefix, tmp_path, sim, b"sim-token", kind="canvas", token_file=str(tmp_path / "secret"),
                      courses=courses, accounts_every="2s",
                      streams={"enrollments": {"every": "1s"}, "submissions": {"every": "500ms"}, "progress": {"off": True}}).start()
        found = ingest.command("discover", "other")
        assert found.returncode == 0 and all(c in found.stdout for c in courses) and "Khóa học số 2" in found.stdout, found
        grades = {}
        want = canvas_shows(sim, courses, grades)
        assert want["graded"] > 10
        ingest.wait(lambda last: canvas_told(last) == want, 40)
        sim.clock(now="end")
        want = canvas_shows(sim, courses, grades)
        last = settles(ingest, sim, canvas_told, want)
        assert {e["data"]["course"] for e in last["enrollment.created"].values()} == set(courses)
        assert len(last["account.created"]) == len(canvas_walk(sim, "/api/v1/accounts/self/users?per_page=100"))
        assert "sim-token" not in json.dumps(sim.stats())
        ingest.stop()


def test_a_mark_claims_no_more_than_the_store_vouches_for(brokers, prefix, tmp_path):
    """X-Experience-API-Consistent-Through: what the store took in later may not be shown yet."""
    with Simulator("xapi", world="generic", seed=4, start="end", speed=0, set=SMALL, actor="account", sim_date=True,
                   lag=3600, late=0) as sim:
        ingest = made(brokers, prefix, tmp_path, sim, b"sim-secret", kind="xapi", url=sim.url + "/xapi", user="mooc-pulse",
                      password_file=str(tmp_path / "secret"), streams={"statements": {"every": "300ms"}}).start()
        ingest.wait(lambda last: last["exam.graded"] and last["source.swept"], 40)
        sampled = ingest.command("sample", "other", "--count", "10").stdout.splitlines()
        assert len(sampled) == 10, "the only stream has them all"
        vouched = datetime.fromisoformat(sim.clock()["now"]).timestamp() - 3600
        assert {e["data"]["through"] for e in ingest.last()["source.swept"].values()} and all(
            datetime.fromisoformat(e["data"]["through"].replace("Z", "+00:00")).timestamp() <= vouched + 1
            for e in ingest.last()["source.swept"].values())
        ingest.stop()


@pytest.mark.long
def test_a_window_goes_on_where_the_whole_ended(brokers, prefix, tmp_path):
    """What the first reading of everything saw is not read once more by the windows after it."""
    with Simulator("canvas", world="generic", seed=4, start="end", speed=0, set=SMALL, quota=1e9, admin=True, sim_date=True) as sim:
        courses = [str(c["id"]) for c in canvas_walk(sim, "/api/v1/courses")]
        grades = {}
        canvas_shows(sim, courses, grades)
        rare = {"every": "1h"}
        ingest = made(brokers, prefix, tmp_path, sim, b"sim-token", kind="canvas", token_file=str(tmp_path / "secret"),
                      courses=courses, accounts_every="1h",
                      streams={"enrollments": rare, "submissions": {"every": "3s"}, "progress": {"off": True}}).start()
        ingest.wait(lambda last: len(last["exam.graded"]) == len(grades), 40)
        cost = next(line for line in ingest.command("check", "other").stdout.splitlines() if "submissions " in line and "sweep" in line)
        # Two requests for each of two courses every 3 s, whatever a sweep takes; and that once a day.
        assert int(re.search(r"(\d+) requests a day", cost)[1]) == pytest.approx(4 * 86400 / 3, abs=100), cost
        stats = sim.stats()
        time.sleep(4)
        assert sim.stats()["requests"] > stats["requests"]
        assert sim.stats()["rows"] - stats["rows"] < len(grades), "all of it was read again"
        ingest.stop()


def test_a_window_is_read_again_on_request(brokers, prefix, tmp_path):
    """What turned up late, behind the window, is found by a backfill; a record in its range does not undo a later one."""
    with Simulator("xapi", world="generic", seed=4, start="end", speed=0, set=SMALL, actor="account", sim_date=True) as sim:
        ingest = made(brokers, prefix, tmp_path, sim, b"sim-secret", kind="xapi", url=sim.url + "/xapi", user="mooc-pulse",
                      password_file=str(tmp_path / "secret"), streams={"statements": {"every": "300ms"}}).start()
        rows = statements(sim, "1.0.3")
        want = lrs_says(rows)
        settles(ingest, sim, log_says, want)
        before, rows_before = facts(ingest), sim.stats()["rows"]
        stamps = sorted(r["stored"] for r in rows)
        early, middle = stamps[len(stamps) // 4], stamps[len(stamps) // 2]
        done = ingest.command("backfill", "other", "--from", early, "--to", middle)
        assert done.returncode == 0 and "1 of 1 parts were read" in done.stdout, done.stderr
        assert sim.stats()["rows"] - rows_before > len(rows) // 2, "it was not read again"
        assert facts(ingest) == before and log_says(ingest.last()) == want
        unknown = ingest.command("backfill", "other", "--course", "nowhere")
        assert unknown.returncode == 2 and "does not watch course nowhere" in unknown.stderr
        assert ingest.command("backfill", "other", "--from", "yesterday").returncode == 2
        ingest.stop()
