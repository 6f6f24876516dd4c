"""How each platform shows what changes afterwards in a world: units, addresses, regrades, late attempts, a second platform."""

from __future__ import annotations

import base64
import json
import sys
import urllib.parse
from datetime import datetime
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import world as worlds  # noqa: E402
from platforms.canvas_forms import iso as seconds  # noqa: E402
from platforms.onetouch import local  # noqa: E402
from platforms.oneroster_rows import day, iso  # noqa: E402
from platforms.simulator import Simulator  # noqa: E402
from platforms.xapi_statements import VERBS, Style, mbox, statements  # noqa: E402
from world.model import instant  # noqa: E402

OPTIONS = {"learners": 120, "courses": 2, "units": 4, "moved": 3, "new_emails": 3, "regraded": 4,
           "late": 2, "shown_late": 2, "second": 4}  # fmt: skip
START = {"world": "generic", "seed": 4, "set": [f"{k}={v}" for k, v in OPTIONS.items()]}


@pytest.fixture(scope="module")
def w():
    return worlds.load("generic", 4, **OPTIONS)


def changed(w):
    """(account, moment, new address) of those with another address."""
    return [(a, *a.emails[0]) for a in w.accounts if a.emails]


def movers(w):
    """(account, moment, new unit)."""
    return [(w.accounts[p.account], p.moves[0][0], p.moves[0][1][0]) for p in w.people if p.moves]


def marks(w, wanted):
    """(enrolment, moment, grade, score of the exam) of the grades that are `wanted`."""
    return [(e, at, g, g.scores[-1][1]) for e in w.enrollments for at, g in e.grades if wanted(g)
            and w.accounts[e.account].platform == 0]  # fmt: skip


def regrades(w):
    return marks(w, lambda g: g.regrade)


def shown_late(w):
    return marks(w, lambda g: g.when)


def set_clock(sim, us):
    sim.clock(now=str(us))


def test_openedx(w):
    with Simulator(**START, start="end", profile_field="don_vi") as sim:
        account = lambda a: sim.get(f"/api/user/v1/accounts/{a.username}").json()  # noqa: E731
        for a, at, new in changed(w):
            set_clock(sim, at - 1)
            assert account(a)["email"] == a.email
            set_clock(sim, at)
            assert account(a)["email"] == new
            quoted = urllib.parse.quote(a.email)
            assert sim.get(f"/api/user/v1/accounts?email={quoted}").status == 404
        for a, at, unit in movers(w):
            set_clock(sim, at)
            profile = account(a)["extended_profile"]
            assert profile == [{"field_name": "don_vi", "field_value": unit}]
        e, at, grade, _ = regrades(w)[0]
        path = f"/api/grades/v1/courses/{w.courses[e.course].id}/?username="
        path += w.accounts[e.account].username
        set_clock(sim, at - 1)
        before = sim.get(path).json()[0]
        set_clock(sim, at)
        after = sim.get(path).json()[0]
        assert before["passed"] != after["passed"] == grade.passed
        second = next(a for a in w.accounts if a.platform == 1)
        assert sim.get(f"/api/user/v1/accounts/{second.username}").status == 404
    with Simulator(**START, start="end", site=1) as sim:
        assert sim.get(f"/api/user/v1/accounts/{second.username}").json()["email"] == second.email
        assert sim.state()["accounts"] == OPTIONS["second"] == sim.state()["enrollments"]


def moodle(sim, function, **fields):
    form = {"wstoken": "sim-token", "wsfunction": function, "moodlewsrestformat": "json", **fields}
    path = "/webservice/rest/server.php"
    return sim.request("POST", path, urllib.parse.urlencode(form).encode()).json()


def test_moodle(w):
    with Simulator("moodle", **START, start="end") as sim:
        for a, at, new in changed(w):
            set_clock(sim, at)
            user, = moodle(sim, "core_user_get_users_by_field", field="id", **{"values[0]": a.user_id})
            assert user["email"] == new and user["username"] == a.username
        for a, at, unit in movers(w):
            set_clock(sim, at)
            user, = moodle(sim, "core_user_get_users_by_field", field="id", **{"values[0]": a.user_id})
            assert user["department"] == unit
        set_clock(sim, w.ends)
        for (e, at, grade, score), same in [(m, "regrade") for m in regrades(w)] + [
            (m, "late") for m in shown_late(w)
        ]:
            quiz, user = 10 * (e.course + 1) + 5, w.accounts[e.account].user_id
            made = moodle(sim, "mod_quiz_get_user_attempts", quizid=quiz, userid=user)["attempts"]
            assert len(made) == 1 and made[0]["sumgrades"] == score
            when = grade.when or next(t for t, g in e.grades if g.scores[-1][0])
            assert made[0]["timefinish"] == when // 1_000_000 < at // 1_000_000, same
            rows = moodle(sim, "gradereport_user_get_grade_items", courseid=e.course + 2, userid=user)
            item = next(i for i in rows["usergrades"][0]["gradeitems"] if i["itemmodule"] == "quiz")
            assert item["graderaw"] == score
            assert item["gradedatesubmitted"] == when // 1_000_000
            assert item["gradedategraded"] == at // 1_000_000


def canvas(sim, path):
    return sim.request("GET", "/api/v1" + path, headers={"Authorization": "Bearer sim-token"})


def test_canvas(w):
    with Simulator("canvas", **START, start="end", admin=True, quota=1e9) as sim:
        users = {u["id"]: u for page in (1, 2) for u in canvas(
            sim, f"/accounts/self/users?include[]=email&per_page=100&page={page}").json()}  # fmt: skip
        assert len(users) == sum(a.platform == 0 for a in w.accounts) + 1, "and the teacher"
        for a, _, new in changed(w):
            assert users[a.user_id]["email"] == new and users[a.user_id]["login_id"] == a.email
            profile = canvas(sim, f"/users/{a.user_id}/profile").json()
            assert profile["primary_email"] == new
        for e, at, grade, score in regrades(w) + shown_late(w):
            user = w.accounts[e.account].user_id
            path = f"/courses/{e.course + 1}/students/submissions?student_ids[]={user}&per_page=100"
            row = next(r for r in canvas(sim, path).json() if r["submission_type"] == "online_quiz")
            when = grade.when or next(t for t, g in e.grades if g.scores[-1][0])
            assert row["score"] == score and row["attempt"] == 1
            assert (row["submitted_at"], row["graded_at"]) == (seconds(when), seconds(at))
            since = seconds(at - 2_000_000)
            assert [r["id"] for r in canvas(sim, path + "&graded_since=" + since).json()] == [row["id"]]
            assert not canvas(sim, path + "&submitted_since=" + since).json()
        late = next((e, at) for e, at, g, _ in marks(w, lambda g: not g.regrade and not g.when)
                    if at > w.courses[0].end)  # fmt: skip
        user = w.accounts[late[0].account].user_id
        path = f"/courses/{late[0].course + 1}/students/submissions?student_ids[]={user}&per_page=100"
        row = next(r for r in canvas(sim, path).json() if r["late"])
        assert row["attempt"] == 2 and row["seconds_late"] == (late[1] - w.courses[0].end) // 1_000_000


def test_canvas_lists_of_an_account():
    """Pages by number without a last one, for administrators alone."""
    with Simulator("canvas", **START, start="end", admin=True) as sim:
        reply = canvas(sim, "/accounts/self/courses?per_page=1")
        assert 'rel="next"' in reply.headers["Link"] and 'rel="last"' not in reply.headers["Link"]
        assert [c["id"] for c in reply.json()] == [1]
        names = [u["sortable_name"].casefold() for u in canvas(sim, "/accounts/1/users?per_page=50").json()]
        assert len(names) == 50 and names == sorted(names)
        assert canvas(sim, "/accounts/7/users").status == 404
        assert canvas(sim, "/courses/1/bulk_user_progress").status == 400
    for options, status in (({}, 403), ({"unauthorized": 401}, 401)):
        with Simulator("canvas", **START, start="end", modules=True, **options) as sim:
            for path in ("/accounts/self/users", "/accounts/self/courses"):
                reply = canvas(sim, path)
                assert reply.status == status and reply.json()["status"] == "unauthorized"
            rows = canvas(sim, "/courses/1/bulk_user_progress?per_page=100").json()
            done = [r["progress"] for r in rows if r["progress"]["completed_at"]]
            assert done and all(p["requirement_completed_count"] == p["requirement_count"] == 6 for p in done)


def test_xapi(w):
    rows = statements(w, Style(actor="mbox"))
    for a, at, new in changed(w):
        told = {s.body["actor"]["mbox"]: s.stored for s in rows if s.body["actor"].get("mbox")
                in (mbox(a.email), mbox(new))}  # fmt: skip
        assert told[mbox(a.email)] < at, "another Agent from then on"
    gone = {s.target for s in rows if s.target}
    for e, at, grade, score in regrades(w) + shown_late(w):
        mine = [s for s in rows if s.verb in (VERBS["passed"], VERBS["failed"]) and s.id not in gone
                and s.body["actor"]["mbox"] in map(mbox, (w.accounts[e.account].email,
                                                          w.accounts[e.account].email_at(at)))
                and str(w.courses[e.course].id) in s.body["object"]["id"]]  # fmt: skip
        (one,) = mine
        when = grade.when or next(t for t, g in e.grades if g.scores[-1][0])
        assert one.body["result"]["score"]["raw"] == score and one.stored == -(-at // 1000) * 1000
        assert one.body["result"]["success"] == grade.passed
        told = datetime.fromisoformat(one.body["timestamp"].replace("123Z", "Z"))
        assert abs((told.replace(tzinfo=told.tzinfo or instant(0).tzinfo) - instant(when)).total_seconds()) < 0.002
    assert not {s.id for s in rows} & {s.id for s in statements(w, Style(actor="mbox"), 1)}


def test_onetouch(w):
    with Simulator("onetouch", **START, start="end") as sim:
        get = lambda path: sim.request("GET", "/api/v1" + path, headers={"X-API-Key": "sim-key"}).json()["data"]["items"]  # noqa: E731,E501
        users = {u["userId"]: u for u in get("/users?size=200")}
        assert all(users[a.user_id]["email"] == new for a, _, new in changed(w))
        for e, _, grade, score in regrades(w) + shown_late(w):
            rows = [r for r in get(f"/courses/{e.course + 1}/exam-results?size=200")
                    if r["userId"] == w.accounts[e.account].user_id]  # fmt: skip
            when = grade.when or next(t for t, g in e.grades if g.scores[-1][0])
            (row,) = rows
            assert row["correctAnswers"] == score and row["submittedAt"] == local(when)
            assert row["result"] == ("PASS" if grade.passed else "FAIL")


@pytest.mark.parametrize("version", ["v1p1", "v1p2"])
def test_oneroster(w, version):
    with Simulator("oneroster", **START, start="end") as sim:
        scope = " ".join(f"https://purl.imsglobal.org/spec/or/{version}/scope/{n}.readonly"
                         for n in ("roster-core", "gradebook"))  # fmt: skip
        form = urllib.parse.urlencode({"grant_type": "client_credentials", "scope": scope}).encode()
        basic = {"Authorization": "Basic " + base64.b64encode(b"mooc-pulse:sim-secret").decode()}
        token = sim.request("POST", "/token", form, basic).json()["access_token"]

        def get(name, service="rostering", **query):
            folder = version if version == "v1p1" else f"{service}/{version}"
            path = f"/ims/oneroster/{folder}/{name}?" + urllib.parse.urlencode({"limit": 2000} | query)
            return sim.request("GET", path, headers={"Authorization": f"Bearer {token}"}).json()[name]

        orgs = {o["sourcedId"]: o for o in get("orgs")}
        assert {o["identifier"] for o in orgs.values()} == {"MOOC", *w.units}
        users = {u["sourcedId"]: u for u in get("users")}
        for a, at, new in changed(w):
            row = users[f"user-{a.user_id}"]
            assert row["email"] == new and row["dateLastModified"] >= iso(at)
        for a, at, unit in movers(w):
            row = users[f"user-{a.user_id}"]
            org = row["orgs"][0] if version == "v1p1" else row["roles"][0]["org"]
            assert orgs[org["sourcedId"]]["identifier"] == unit
            since = iso(at - 1000)
            delta = get("users", filter=f"dateLastModified>'{since}'")
            assert row in delta and len(delta) < len(users)
        results = {r["sourcedId"]: r for r in get("results", "gradebook")}
        for e, at, grade, score in regrades(w) + shown_late(w):
            row = results[f"result-{e.id}-6"]
            when = grade.when or next(t for t, g in e.grades if g.scores[-1][0])
            assert (row["score"], row["scoreDate"], row["dateLastModified"]) == (score, day(when), iso(at))
        assert json.dumps(list(users.values())).count('"href": "http://127.0.0.1:') >= len(users)
