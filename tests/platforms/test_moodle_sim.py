"""The simulated Moodle answers as its source says, and breaks as told."""

from __future__ import annotations

import sys
from pathlib import Path
from urllib.parse import urlencode

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import world as worlds  # noqa: E402
from platforms.moodle import PATH, php  # noqa: E402
from platforms.simulator import Simulator  # noqa: E402

OPTIONS = {"learners": 120, "courses": 2, "units": 4, "revoked": 3, "left_after_passing": 9}
SETTINGS = {"world": "generic", "seed": 4, "start": "end"}
SETTINGS["set"] = [f"{k}={v}" for k, v in OPTIONS.items()]


@pytest.fixture(scope="module")
def world():
    return worlds.load("generic", 4, **OPTIONS)


@pytest.fixture(scope="module")
def shared():
    with Simulator("moodle", **SETTINGS) as sim:
        yield sim


@pytest.fixture
def sim(shared):
    shared.clear_faults()
    shared.request("DELETE", "/_sim/stats")
    return shared


def post(sim, function, token="sim-token", **fields):
    form = {"wstoken": token, "wsfunction": function, "moodlewsrestformat": "json", **fields}
    return sim.request("POST", PATH, urlencode(form).encode())


def call(sim, function, **fields):
    return post(sim, function, **fields).json()


def test_php_arrays():
    assert php([("courseids[0]", "5"), ("o[1][name]", "x"), ("v[]", "a"), ("v[]", "b")]) == {
        "courseids": {"0": "5"}, "o": {"1": {"name": "x"}}, "v": {"0": "a", "1": "b"}}  # fmt: skip


def test_errors_have_status_200(sim):
    wrong = post(sim, "core_course_get_courses", token="no")
    assert wrong.status == 200 and wrong.json()["errorcode"] == "invalidtoken"
    assert call(sim, "core_nothing")["errorcode"] == "invalidrecord"
    assert call(sim, "gradereport_user_get_grade_items", courseid="x")["errorcode"] == (
        "invalidparameter")  # fmt: skip
    assert call(sim, "gradereport_user_get_grade_items", courseid=77)["errorcode"] == (
        "invalidrecord")  # fmt: skip
    plain = post(sim, "core_course_get_courses", moodlewsrestformat="")
    assert plain.body.startswith(b"<?xml")


def test_token_in_a_url_is_recorded(sim):
    sim.request("POST", PATH + "?wstoken=sim-token", b"wsfunction=core_course_get_courses")
    assert sim.stats()["credentials_in_urls"] == {"wstoken": 1}


def test_enrolled_users_by_pages(sim, world):
    option = {"options[0][name]": "onlyactive", "options[0][value]": "1",
              "options[1][name]": "limitnumber", "options[1][value]": "30",
              "options[2][name]": "limitfrom"}  # fmt: skip
    found, begin = [], 0
    while True:
        page = call(sim, "core_enrol_get_enrolled_users", courseid=2,
                    **option, **{"options[2][value]": begin})  # fmt: skip
        found += page
        begin += 30
        if len(page) < 30:
            break
    active = {world.accounts[e.account].user_id for e in world.enrollments
              if e.course == 0 and e.toggles[-1][1]}  # fmt: skip
    assert [r["shortname"] for r in found[0]["roles"]] == ["editingteacher"]
    assert [u["id"] for u in found[1:]] == sorted(active)
    whole = call(sim, "core_enrol_get_enrolled_users", courseid=2)
    assert len(whole) > len(found) and whole[1]["roles"][0]["shortname"] == "student"


def test_grades_and_attempts_agree_with_the_world(sim, world):
    grades = call(sim, "gradereport_user_get_grade_items", courseid=2)["usergrades"]
    quiz = call(sim, "mod_quiz_get_quizzes_by_courses", **{"courseids[0]": 2})["quizzes"][0]
    assert quiz["sumgrades"] == 20
    users = {world.accounts[e.account].user_id: e for e in world.enrollments if e.course == 0}
    for row in grades:
        e = users[row["userid"]]
        total = row["gradeitems"][-1]
        assert total["itemtype"] == "course"
        percent = e.grades[-1][1].percent if e.grades and e.grades[-1][1].active else None
        assert total["graderaw"] == (None if percent is None else pytest.approx(100 * percent))
    sat = next(r for r in grades if r["gradeitems"][5]["graderaw"] is not None)
    asked = {"quizid": quiz["id"], "userid": sat["userid"]}
    new = call(sim, "mod_quiz_get_user_quiz_attempts", **asked)["attempts"]
    assert new == call(sim, "mod_quiz_get_user_attempts", **asked)["attempts"]
    assert new[-1]["sumgrades"] == sat["gradeitems"][5]["graderaw"]
    assert call(sim, "mod_quiz_get_user_best_grade", **asked)["hasgrade"] is True


def test_completion_and_users(sim, world):
    row = call(sim, "core_enrol_get_enrolled_users", courseid=2)[1]
    status = call(sim, "core_completion_get_course_completion_status", courseid=2,
                  userid=row["id"])  # fmt: skip
    criteria = [c["complete"] for c in status["completionstatus"]["completions"]]
    assert len(criteria) == 7 and status["completionstatus"]["completed"] == all(criteria)
    found = call(sim, "core_user_get_users_by_field", field="id", **{"values[0]": row["id"]})
    assert [u["email"] for u in found] == [row["email"]]


@pytest.mark.parametrize("mode,code", [("off", "cannotviewreport"), ("none", "nocriteriaset")])
def test_older_release_and_no_completion(mode, code):
    with Simulator("moodle", release="4.5", completion=mode, **SETTINGS) as sim:
        row = call(sim, "gradereport_user_get_grade_items", courseid=2)["usergrades"][0]
        assert call(sim, "mod_quiz_get_user_quiz_attempts", quizid=15,
                    userid=row["userid"])["errorcode"] == "invalidrecord"  # fmt: skip
        assert call(sim, "core_completion_get_course_completion_status", courseid=2,
                    userid=row["userid"])["errorcode"] == code  # fmt: skip


def test_faults_by_function(sim):
    sim.fault("error200", path="grade_items", count=1)
    assert isinstance(call(sim, "core_course_get_courses"), list)
    assert call(sim, "gradereport_user_get_grade_items", courseid=2)["errorcode"] == (
        "dmlreadexception")  # fmt: skip
    sim.fault("empty", count=1)
    assert call(sim, "core_course_get_courses") == []
    sim.fault("vanish")
    assert [u["id"] for u in call(sim, "core_enrol_get_enrolled_users", courseid=2)] == [2]


def test_control_moves_grades_and_enrolments():
    with Simulator("moodle", **SETTINGS) as sim:
        quiz = call(sim, "mod_quiz_get_quizzes_by_courses", **{"courseids[0]": 2})["quizzes"][0]["id"]

        def grades():
            rows = call(sim, "gradereport_user_get_grade_items", courseid=2)["usergrades"]
            return {r["userid"]: r["gradeitems"][5]["graderaw"] for r in rows}

        def marks(user):
            found = call(sim, "mod_quiz_get_user_attempts", quizid=quiz, userid=user)["attempts"]
            return [a["sumgrades"] for a in found]

        who = next(u for u, right in grades().items() if right not in (None, 3, 4))
        before = marks(who)
        sim.request("POST", "/_sim/mark", {"course": 2, "user": who, "section": 5, "right": 3})
        assert marks(who) == [*before[:-1], 3] and grades()[who] == 3
        again = {"course": 2, "user": who, "section": 5, "right": 4, "attempt": True}
        sim.request("POST", "/_sim/mark", again)
        assert marks(who) == [*before[:-1], 3, 4] and grades()[who] == 4
        sim.request("POST", "/_sim/leave", {"course": 2, "user": who})
        assert who not in grades()
        sim.request("POST", "/_sim/expire-tokens", {})
        assert call(sim, "core_course_get_courses")["errorcode"] == "invalidtoken"
        sim.request("POST", "/_sim/new-token", {"token": "new"})
        assert isinstance(post(sim, "core_course_get_courses", token="new").json(), list)
