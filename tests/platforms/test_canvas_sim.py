"""The simulated Canvas behaves as its documents and its source say."""

from __future__ import annotations

import re
import sys
from collections import Counter
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import world as worlds  # noqa: E402
from platforms.canvas_forms import sortable, stringify  # noqa: E402
from platforms.canvas_rows import GLOBAL, Rows  # noqa: E402
from platforms.simulator import Simulator  # noqa: E402

OPTIONS = {"learners": 120, "courses": 2, "units": 4, "revoked": 3, "left_after_passing": 24}
SETTINGS = {"platform": "canvas", "world": "generic", "seed": 4, "start": "end"}
SETTINGS["set"] = [f"{k}={v}" for k, v in OPTIONS.items()]
COURSE = "/api/v1/courses/1"
STUDENTS = "type[]=StudentEnrollment"
ALL = "&".join("state[]=" + s for s in ("active", "invited", "inactive", "completed", "deleted"))
EVERY = COURSE + "/students/submissions?student_ids[]=all"


@pytest.fixture(scope="module")
def world():
    return worlds.load("generic", 4, **OPTIONS)


@pytest.fixture(scope="module")
def shared():
    with Simulator(**SETTINGS, quota=1e9) as sim:
        yield sim


@pytest.fixture
def canvas(shared):
    shared.clear_faults()
    shared.clock(now="end", speed=0)
    shared.request("DELETE", "/_sim/stats")
    return shared


def get(sim, path: str, token: str = "sim-token", **headers):
    return sim.request("GET", path, headers={"Authorization": f"Bearer {token}", **headers})


def links(reply) -> dict:
    return {r: u for u, r in re.findall(r'<([^>]+)>; rel="(\w+)"', reply.headers.get("Link", ""))}


def walk(sim, path: str, per_page: int = 100, **headers) -> list:
    path += ("&" if "?" in path else "?") + f"per_page={per_page}"
    out = []
    while path:
        reply = get(sim, path, **headers)
        assert reply.status == 200
        out += reply.json() if isinstance(reply.json(), list) else reply.json()["quiz_submissions"]
        path = links(reply).get("next")
    return out


def current(world, course: int = 0) -> list:
    return [e for e in world.enrollments if e.course == course and e.toggles[-1][1]]


# ---- lists


def test_courses(canvas, world):
    rows = walk(canvas, "/api/v1/courses", 1)
    assert [(r["id"], r["sis_course_id"]) for r in rows] == [
        (n + 1, c.id) for n, c in enumerate(world.courses)
    ]
    assert get(canvas, "/api/v1/courses/2").json() == rows[1]
    gone = get(canvas, "/api/v1/courses/9/enrollments")
    message = "The specified resource does not exist."
    assert (gone.status, gone.json()) == (404, {"errors": [{"message": message}]})


def test_enrolments_active_and_invited_by_default(canvas, world):
    rows = walk(canvas, f"{COURSE}/enrollments?{STUDENTS}")
    assert Counter(r["user"]["login_id"] for r in rows) == Counter(
        world.accounts[e.account].email for e in current(world)
    )
    states = Counter(r["enrollment_state"] for r in rows)
    never = sum(world.accounts[e.account].activated is None for e in current(world))
    assert states == {"active": len(rows) - never, "invited": never} and never > 0
    names = [(r["user"]["sortable_name"].casefold(), r["id"]) for r in rows]
    assert names == sorted(names)
    everyone = walk(canvas, f"{COURSE}/enrollments")
    assert [r["type"] for r in everyone[-1:]] == ["TeacherEnrollment"]
    assert len(everyone) == len(rows) + 1
    assert sortable("Nguyễn Văn An") == "An, Nguyễn Văn"


def test_departures_show_with_their_states_only(canvas, world):
    whole = walk(canvas, f"{COURSE}/enrollments?{STUDENTS}&{ALL}")
    assert len(whole) == sum(e.course == 0 for e in world.enrollments)
    left = Counter(r["enrollment_state"] for r in whole)
    assert left["deleted"] and left["completed"] and left["inactive"]
    gone = walk(canvas, f"{COURSE}/enrollments?{STUDENTS}&state[]=deleted")
    assert {r["enrollment_state"] for r in gone} == {"deleted"} and len(gone) == left["deleted"]
    one = gone[0]["user_id"]
    mine = walk(canvas, f"{COURSE}/enrollments?user_id={one}&state[]=deleted")
    assert mine == [r for r in gone if r["user_id"] == one]
    with Simulator(**SETTINGS, admin=True) as sim:
        rows = walk(sim, f"{COURSE}/enrollments?{STUDENTS}")
        assert len(rows) == len(current(world)) + left["inactive"], "admins see inactive ones"


def test_grades_of_enrolments(canvas, world):
    rows = {r["user"]["login_id"]: r for r in walk(canvas, f"{COURSE}/enrollments?{STUDENTS}")}
    for e in current(world):
        shown = rows[world.accounts[e.account].email]["grades"]
        percent = e.grades[-1][1].percent if e.grades else 0.0
        assert shown["final_score"] == round(100 * percent, 2)
        assert (shown["current_score"] is None) == (not e.grades)


def test_users(canvas, world):
    rows = walk(canvas, f"{COURSE}/users?enrollment_type[]=student&include[]=email")
    emails = [r["email"] for r in rows]
    assert sorted(emails) == sorted(world.accounts[e.account].email for e in current(world))
    assert "email" not in get(canvas, f"{COURSE}/users").json()[0]


# ---- pages


def test_pages_are_ten_unless_asked_and_a_hundred_at_most(canvas):
    first = get(canvas, f"{COURSE}/enrollments")
    assert len(first.json()) == 10 and len(get(canvas, EVERY + "&per_page=500").json()) == 100
    assert list(links(first)) == ["current", "next", "first"], "a bookmark knows no last page"
    assert "page=bookmark:" in links(first)["next"]
    users = get(canvas, f"{COURSE}/users?page=2")
    assert list(links(users)) == ["current", "next", "prev", "first", "last"]
    assert get(canvas, f"{COURSE}/users?page=99").json() == []
    assert get(canvas, f"{COURSE}/enrollments?page=bookmark:x").status == 404
    ten = walk(canvas, f"{COURSE}/enrollments?{STUDENTS}", 7)
    assert ten == walk(canvas, f"{COURSE}/enrollments?{STUDENTS}")


@pytest.mark.parametrize("pages", ["bookmark", "number"])
def test_rows_move_while_a_client_pages(pages):
    """A rename before the position takes a row out of what is still to come; by number it shifts
    the rows between."""
    with Simulator(**SETTINGS, pages=pages) as sim:
        path = f"{COURSE}/enrollments?{STUDENTS}&per_page=20"
        whole = walk(sim, f"{COURSE}/enrollments?{STUDENTS}")
        first = get(sim, path)
        last = whole[-1]["user_id"]
        sim.request("POST", "/_sim/rename", {"users": [last], "to": "0"})
        seen = first.json()
        reply = first
        while "next" in links(reply):
            reply = get(sim, links(reply)["next"])
            seen += reply.json()
        assert last not in {r["user_id"] for r in seen}, "it moved to the front, behind the client"
        twice = [n for n, k in Counter(r["id"] for r in seen).items() if k > 1]
        assert twice == ([] if pages == "bookmark" else [whole[19]["id"]])


# ---- submissions and quizzes


def test_submissions(canvas, world):
    rows = walk(canvas, EVERY)
    parts = len(world.courses[0].sections)
    deleted = walk(canvas, f"{COURSE}/enrollments?state[]=deleted")
    people = sum(e.course == 0 for e in world.enrollments) - len(deleted)
    assert len(rows) == people * parts and [r["id"] for r in rows] == sorted(r["id"] for r in rows)
    done = [r for r in rows if r["workflow_state"] == "graded"]
    assert all(r["score"] is None and r["submitted_at"] is None for r in rows if r not in done)
    assert done == walk(canvas, EVERY + "&workflow_state=graded")
    assert done == walk(canvas, EVERY + "&graded_since=2020-01-01T00:00:00Z")
    ordered = walk(canvas, EVERY + "&workflow_state=graded&order=graded_at")
    assert [r["graded_at"] for r in ordered] == sorted(r["graded_at"] for r in done)
    one = EVERY.replace("all", str(done[0]["user_id"]))
    assert walk(canvas, one) == [r for r in rows if r["user_id"] == done[0]["user_id"]]


def test_a_regrade_moves_graded_at_alone():
    world = worlds.load("hagiang", 1)
    rows = Rows(world.state_at(world.ends), 0)
    raised = 0
    for e in world.enrollments:
        for (_, a), (_, b) in zip(e.grades, e.grades[1:]):
            for section, x, y in zip(world.courses[0].sections, a.scores, b.scores):
                raised += x[0] and x[1] != y[1] and not section.is_exam
    parts = range(len(world.courses[0].sections))
    made = [rows.submission(i, n, "") for i in range(len(world.enrollments)) for n in parts]
    moved = [r for r in made if r["graded_at"] and r["graded_at"] > r["submitted_at"]]
    assert len(moved) == raised > 10 and all(r["attempt"] == 1 for r in moved)


def test_since_is_exclusive_but_rows_show_whole_seconds(canvas):
    done = walk(canvas, EVERY + "&workflow_state=graded")
    at = sorted(r["graded_at"] for r in done)[len(done) // 2]
    rows = walk(canvas, f"{EVERY}&graded_since={at}")
    assert {r["id"] for r in rows} == {r["id"] for r in done if r["graded_at"] >= at}
    both = walk(canvas, f"{EVERY}&submitted_since={at}")
    assert {r["id"] for r in both} == {r["id"] for r in done if r["submitted_at"] >= at}
    wrong = get(canvas, EVERY + "&graded_since=yesterday")
    assert wrong.status == 400 and "graded_since" in wrong.json()["errors"]


def test_assignments_and_quizzes(canvas, world):
    parts = walk(canvas, COURSE + "/assignments")
    assert [p["name"] for p in parts] == [s.name for s in world.courses[0].sections]
    (quiz,) = walk(canvas, COURSE + "/quizzes")
    exam = next(p for p in parts if p["is_quiz_assignment"])
    assert quiz["id"] == exam["quiz_id"] and quiz["assignment_id"] == exam["id"]
    taken = walk(canvas, f"{COURSE}/quizzes/{quiz['id']}/submissions")
    scores = {r["id"]: r for r in walk(canvas, f"{EVERY}&assignment_ids[]={exam['id']}")}
    assert len(taken) == sum(r["workflow_state"] == "graded" for r in scores.values()) > 50
    for t in taken:
        assert t["score"] == scores[t["submission_id"]]["score"] and t["finished_at"]
    assert get(canvas, f"{COURSE}/quizzes/7/submissions").status == 404


# ---- ids, tokens, rates, faults


def test_ids_beyond_what_a_double_holds(canvas):
    plain = get(canvas, f"{COURSE}/enrollments").json()
    with Simulator(**SETTINGS, global_ids=True) as sim:
        path = f"/api/v1/courses/{GLOBAL + 1}/enrollments"
        big = get(sim, path).json()
        assert [r["user_id"] - GLOBAL for r in big] == [r["user_id"] for r in plain]
        assert any(int(float(r["user_id"])) != r["user_id"] for r in big), "no double holds them"
        text = get(sim, path, Accept="application/json+canvas-string-ids, application/json").json()
        assert text == stringify(big) and text[0]["user"]["id"] == str(big[0]["user_id"])
        assert isinstance(text[0]["user"]["sis_user_id"], str)
        assert len(walk(sim, path, 30)) > 60, "links work with them"


def test_tokens(canvas):
    none = canvas.request("GET", COURSE)
    assert none.status == 401 and none.json()["status"] == "unauthenticated"
    wrong = get(canvas, COURSE, "no")
    assert (wrong.status, wrong.json()) == (401, {"errors": [{"message": "Invalid access token."}]})
    url = canvas.request("GET", f"{COURSE}/users?access_token=sim-token")
    assert url.status == 200 and "sim-token" not in url.headers["Link"]
    assert canvas.stats()["credentials_in_urls"] == {"access_token": 1}
    canvas.request("POST", "/_sim/expire-tokens")
    assert get(canvas, COURSE).status == 401
    canvas.request("POST", "/_sim/new-token", {"token": "sim-token"})
    assert get(canvas, COURSE).status == 200


@pytest.mark.parametrize(
    "status, body",
    [(403, b"403 Forbidden (Rate Limit Exceeded)\n"),
     (429, b"429 Too Many Requests (Rate Limit Exceeded)\n")],
)  # fmt: skip
def test_rate_bucket(status, body):
    with Simulator(**SETTINGS, quota=100, refill=40, cost=100, throttle=status) as sim:
        first = get(sim, EVERY)
        cost = float(first.headers["X-Request-Cost"])
        assert cost == pytest.approx(100 * (0.05 + 0.002 * 10))
        assert float(first.headers["X-Rate-Limit-Remaining"]) == pytest.approx(100 - cost, abs=2)
        for _ in range(20):
            late = get(sim, EVERY)
            if late.status != 200:
                break
        assert (late.status, late.body) == (status, body)
        assert "X-Request-Cost" not in late.headers and "Retry-After" not in late.headers
        assert late.headers["X-Rate-Limit-Remaining"] == "0.0"


def test_faults(canvas):
    canvas.fault("repeat_next", path="enrollments", count=1)
    assert links(get(canvas, f"{COURSE}/enrollments"))["next"].endswith("/enrollments")
    canvas.fault("foreign_next", path="enrollments", count=1)
    assert links(get(canvas, f"{COURSE}/enrollments"))["next"].startswith("http://evil.example/")
    canvas.fault("empty", path="enrollments", count=1)
    none = get(canvas, f"{COURSE}/enrollments")
    assert none.json() == [] and "next" not in links(none)
    canvas.fault("bad_row", path="enrollments", count=1, row=2, set={"user_id": "x"})
    assert get(canvas, f"{COURSE}/enrollments").json()[2]["user_id"] == "x"
    canvas.fault("truncate", path="enrollments", count=1)
    cut = get(canvas, f"{COURSE}/enrollments")
    assert "next" in links(cut) and not cut.body.endswith(b"]")
    whole = len(walk(canvas, f"{COURSE}/enrollments"))
    canvas.fault("vanish", share=0.5)
    assert len(walk(canvas, f"{COURSE}/enrollments")) < whole
    canvas.clear_faults()
    canvas.request("POST", "/_sim/inject", {"count": 3})
    assert len(walk(canvas, f"{COURSE}/enrollments")) == whole + 3
    canvas.clock(now="begin")
    assert walk(canvas, f"{COURSE}/enrollments?{STUDENTS}") == []
    assert canvas.stats()["paths"]["/api/v1/courses/{id}/enrollments"] > 5
