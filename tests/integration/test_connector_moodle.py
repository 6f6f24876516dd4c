"""mooc-ingest with kind: moodle against the simulated Moodle and a real broker: what the platform shows is what the log says."""
import json
import time
import urllib.parse
from collections import Counter

import pytest

import shard_log
from simulator import Simulator
from test_openedx import Ingest

COURSES = ("2", "3")
PATH = "/webservice/rest/server.php"
STREAMS = {"enrollments", "accounts", "grades", "attempts", "completion"}
ATTEMPTS, COMPLETION = "mod_quiz_get_user_attempts", "core_completion_get_course_completion_status"
TOKEN = "tokenthatnobodymaysee"


own = Counter()  # requests of the test itself


def call(sim, function, **fields):
    own[function] += 1
    form = {"wstoken": TOKEN, "wsfunction": function, "moodlewsrestformat": "json", **fields}
    answer = sim.request("POST", PATH, urllib.parse.urlencode(form).encode()).json()
    assert not isinstance(answer, dict) or "exception" not in answer, answer
    return answer


def items(sim, course):
    """Grade items by user: ({exercise or quiz: grade}, course total)."""
    rows = call(sim, "gradereport_user_get_grade_items", courseid=course)["usergrades"]
    return {row["userid"]: {f"{i['itemmodule'] or 'course'}:{i['iteminstance']}": (i["graderaw"], i["grademax"])
                            for i in row["gradeitems"]} for row in rows}


def shown(sim):
    """What the platform shows, walked by the test itself."""
    out = {"enrolled": 0, "participated": 0, "passed": 0, "completed": 0, "marks": 0, "attempts": {}}
    people = set()
    for course in COURSES:
        users = call(sim, "core_enrol_get_enrolled_users", courseid=course,
                     **{"options[0][name]": "onlyactive", "options[0][value]": "1"})
        students = {u["id"] for u in users if any(r["shortname"] == "student" for r in u["roles"])}
        assert len(students) == len(users) - 1, "the teacher"
        quiz = call(sim, "mod_quiz_get_quizzes_by_courses", **{"courseids[0]": course})["quizzes"][0]["id"]
        people |= students
        out["enrolled"] += len(students)
        for user, grades in items(sim, course).items():
            total = next(raw for name, (raw, _) in grades.items() if name.startswith("course:"))
            out["participated"] += total is not None and total > 0
            out["passed"] += total is not None and total >= 50
            out["marks"] += sum(raw is not None for raw, _ in grades.values())
            if grades[f"quiz:{quiz}"][0] is not None:
                made = call(sim, ATTEMPTS, quizid=quiz, userid=user)["attempts"]
                out["attempts"][course, user] = [a["sumgrades"] for a in made]
            if total is not None:
                status = call(sim, COMPLETION, courseid=course, userid=user)["completionstatus"]
                out["completed"] += status["completed"]
    return out | {"accounts": len(people)}


def attempts_of(last):
    """Scores of the attempts at quizzes by learner and course, in their order."""
    found = {}
    for event in last["exam.graded"].values():
        if "attempt" in event["data"]:
            key = event["data"]["course"], event["subject"]
            found.setdefault(key, {})[event["data"]["attempt"]] = event["data"]["score"]
    return sorted([scores[k] for k in sorted(scores)] for scores in found.values())


def told(last):
    """The same, as the log tells it."""
    exams = [e for e in last["exam.graded"].values() if "attempt" not in e["data"]]
    totals = [e["data"] for e in exams if e["data"]["exam"] == "course"]
    progress = last["learning.progressed"].values()
    return {"enrolled": len(last["enrollment.created"]),
            "participated": len({(e["data"]["course"], e["subject"]) for e in progress if e["data"].get("percent", 0) > 0}),
            "passed": sum(e["score"] / e["max_score"] >= 0.5 for e in totals),
            "completed": sum(e["data"].get("progress") == 1 for e in progress),
            "marks": len(exams),
            "accounts": len(last["account.activated"]) + len(last["account.created"]),
            "attempts": attempts_of(last)}


def expected(sim):
    want = shown(sim)
    return want | {"attempts": sorted(want["attempts"].values())}


def asked(sim):
    """Requests of the connector about single learners."""
    paths = sim.stats()["paths"]
    return {name: paths.get(name, 0) - own[name] for name in (ATTEMPTS, COMPLETION)}


@pytest.fixture
def sim():
    with Simulator("moodle", world="generic", seed=4, start="end", token=TOKEN, release="4.4",
                   set=["learners=60", "courses=2", "left_after_passing=4"]) as simulator:
        own.clear()
        yield simulator


def configured(brokers, prefix, tmp_path, sim, **more):
    instance = Ingest(brokers, prefix, tmp_path, sim.url)
    config = json.loads(instance.config.read_text())
    (tmp_path / "token").touch(mode=0o600)
    (tmp_path / "token").write_text(TOKEN)
    config["sources"] = [{"name": "lms", "kind": "moodle", "url": sim.url, "token_file": str(tmp_path / "token"),
                          "courses": list(COURSES), "requests_per_minute": 60000, "max_concurrent": 4,
                          "page_size": 50, "sweep_every": "500ms", "grades_every": "500ms"} | more]
    instance.config.write_text(json.dumps(config))
    return instance


@pytest.fixture
def ingest(brokers, prefix, tmp_path, sim):
    instance = configured(brokers, prefix, tmp_path, sim)
    yield instance
    if instance.process and instance.process.poll() is None:
        instance.kill()


def swept(last):
    """When each stream was last read whole."""
    out = {}
    for event in last["source.swept"].values():
        name, through = event["data"]["stream"], event["data"]["through"]
        out[name] = min(out.get(name, through), through)
    return out


def facts(last):
    return {kind: len(found) for kind, found in last.items() if kind != "source.swept"}


def until(condition, seconds=10):
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.1)


def sweeps_again(sim, sweeps=2):
    """Waits until grades of every course were asked for so often anew."""
    name = "gradereport_user_get_grade_items"
    enough = sim.stats()["paths"][name] + (sweeps + 1) * len(COURSES)
    until(lambda: sim.stats()["paths"][name] >= enough)


def change(sim):
    """A regrade, a late attempt, an un-enrolment: of three people."""
    course = COURSES[0]
    grades, other = items(sim, course), items(sim, COURSES[1])
    quiz = next(name for name in next(iter(grades.values())) if name.startswith("quiz:"))
    sat = [user for user, row in grades.items() if row[quiz][0] not in (None, 11, 13)]
    idle = next(user for user, row in grades.items()
                if user in other and all(raw is None for raw, _ in row.values()))
    for user, right, attempt in ((sat[0], 11, False), (sat[1], 13, True)):
        sim.request("POST", "/_sim/mark", {"course": course, "user": user, "section": 5, "right": right,
                                           "attempt": attempt})
    sim.request("POST", "/_sim/leave", {"course": course, "user": idle})


def test_the_log_says_what_moodle_shows(ingest, sim):
    checked = ingest.command("check", "lms")
    assert checked.returncode == 0, checked.stdout + checked.stderr
    for name in ("attempts", "completion"):
        assert f"  {name:16} ok " in checked.stdout, checked.stdout
    assert sim.stats()["credentials_in_urls"] == {}
    sim.request("DELETE", "/_sim/stats")
    want = expected(sim)
    assert want["passed"] > 0 and want["completed"] > 0 and any(len(a) > 1 for a in want["attempts"])
    ingest.start()
    last = ingest.wait(lambda last: told(last) == want and STREAMS <= set(swept(last)))
    for event in (last["account.activated"] | last["account.created"]).values():
        assert any(key.startswith("email:") for key in event["data"]["identifiers"])
    everyone = asked(sim)
    assert everyone[ATTEMPTS] == len(want["attempts"])

    sweeps_again(sim)
    log = shard_log.events(ingest.brokers, ingest.prefix)
    again = shard_log.by_type(shard_log.check_chains(log))
    assert all(swept(again)[name] > swept(last)[name] for name in ("enrollments", "grades"))
    assert sum(e["type"] != "source.swept" for e in log) == sum(facts(last).values()), "a re-sweep published again"
    assert asked(sim) == everyone, "a re-sweep asked again about learners whose grade did not move"

    sim.fault("status", path=ATTEMPTS, status=400, body="{}", count=1)  # one of the two is asked about again
    change(sim)
    until(lambda: sim.request("GET", "/_sim/faults").json()[0]["hits"] == 1)
    want = expected(sim)
    last = ingest.wait(lambda last: told(last) == want)
    assert len(last["enrollment.cancelled"]) == 1
    assert asked(sim) == {name: count + 2 for name, count in everyone.items()}

    sim.request("POST", "/_sim/expire-tokens", {})
    until(lambda: "invalidtoken: Invalid token" in ingest.command("status").stdout)
    status = ingest.command("status").stdout
    assert "trục trặc: nền tảng" in ingest.command("status", "--lang", "vi").stdout
    sim.request("POST", "/_sim/new-token", {"token": TOKEN + "2"})
    (ingest.folder / "token").write_text(TOKEN + "2")
    sweeps_again(sim)
    ingest.stop()
    assert sim.stats()["credentials_in_urls"] == {}
    log = shard_log.events(ingest.brokers, ingest.prefix)
    after = shard_log.by_type(shard_log.check_chains(log))
    assert told(after) == want and swept(after)["grades"] > swept(last)["grades"]
    for place in (json.dumps(log), ingest.errors(), status):
        assert TOKEN not in place and "@sim.example" not in place


def test_completion_is_not_asked_for_where_it_is_off(brokers, prefix, tmp_path):
    """… while the token's service shows that; else everybody with a grade is asked about."""
    with Simulator("moodle", world="generic", seed=4, start="end", token=TOKEN, release="4.4", completion="off",
                   set=["learners=20", "courses=2"]) as sim:
        own.clear()
        instance = configured(brokers, prefix, tmp_path, sim, completion_every="500ms")
        with instance:
            instance.wait(lambda last: STREAMS <= set(swept(last)))
            sweeps_again(sim)
            assert asked(sim)[ATTEMPTS] > 0 and asked(sim)[COMPLETION] == 0
            refusal = {"exception": "webservice_access_exception", "errorcode": "accessexception", "message": "Access control"}
            sim.fault("status", path="core_course_get_courses_by_field", status=200, body=json.dumps(refusal))
            graded = sum(any(n.startswith("course:") and raw is not None for n, (raw, _) in row.items())
                         for course in COURSES for row in items(sim, course).values())
            until(lambda: asked(sim)[COMPLETION] >= graded > 0)
            before = swept(instance.last())["grades"]
            instance.wait(lambda last: swept(last)["grades"] > before)
            assert "whether completion is tracked is not visible here" in instance.command("status").stdout
            assert "ghi chú: không xem được khóa học có ghi nhận" in instance.command("status", "--lang", "vi").stdout
            instance.stop()
