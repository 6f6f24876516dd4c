"""The simulator behaves as the platform's source says it does."""

from __future__ import annotations

import sys
import time
from email.utils import parsedate_to_datetime
from pathlib import Path
from urllib.parse import quote

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from platforms.paths import ENROLLMENTS, course, gradebook, grades  # noqa: E402
from platforms.simulator import Simulator  # noqa: E402

# ---- tokens


def test_token_by_basic_and_by_form(sim):
    basic = sim.login().json()
    assert basic["token_type"] == "JWT" and basic["expires_in"] == 3600
    form = b"grant_type=client_credentials&token_type=jwt&client_id=mooc-pulse"
    form += b"&client_secret=sim-secret"
    assert sim.request("POST", "/oauth2/access_token", form).json()["token_type"] == "JWT"
    opaque = sim.request(
        "POST", "/oauth2/access_token", form.replace(b"&token_type=jwt", b"")
    ).json()
    assert opaque["token_type"] == "Bearer"
    assert (
        sim.request(
            "GET", grades(), headers={"Authorization": "Bearer " + opaque["access_token"]}
        ).status
        == 200
    )


def test_token_refusals(sim):
    wrong = sim.login(secret="no")
    assert (wrong.status, wrong.json()) == (401, {"error": "invalid_client"})
    bad = sim.request("POST", "/oauth2/access_token", b"grant_type=password")
    assert (bad.status, bad.json()) == (400, {"error": "unsupported_grant_type"})


def test_expired_token_is_401_with_a_body():
    with Simulator(world="generic", set=["learners=5"], expires_in=1) as sim:
        assert sim.get(ENROLLMENTS).status == 200
        time.sleep(2.1)
        late = sim.get(ENROLLMENTS)
        assert (late.status, late.json()) == (401, {"developer_message": "Token has expired."})
        plain = sim.get("/api/user/v1/accounts?username=x")
        assert (plain.status, plain.json()) == (401, {"detail": "Token has expired."})
        assert plain.headers["WWW-Authenticate"] == 'JWT realm="api"'
        assert sim.login().status == 200 and sim.get(ENROLLMENTS).status == 200


def test_tokens_signed_with_rsa():
    pytest.importorskip("cryptography", reason="RS512 tokens need the package cryptography")
    with Simulator(world="generic", set=["learners=5"], algorithm="RS512") as sim:
        assert sim.get(ENROLLMENTS).status == 200
        sim.token = sim.token[:-8] + "AAAAAAAA"
        assert sim.get(ENROLLMENTS).status == 401


def test_without_token_and_without_staff_rights():
    with Simulator(world="generic", set=["learners=5"], client=["hv:pw:learner"]) as sim:
        none = sim.request("GET", ENROLLMENTS)
        assert none.status == 401
        assert none.json() == {"developer_message": "Authentication credentials were not provided."}
        sim.login("hv", "pw")
        assert sim.get(ENROLLMENTS).status == 403
        book = sim.get(gradebook())
        assert book.status == 403 and book.json()["error_code"] == "user_permissions"


# ---- lists


def test_courses(sim):
    page = sim.get("/api/courses/v1/courses/?page_size=1").json()
    assert set(page) == {"results", "pagination"} and page["pagination"]["count"] == 2
    assert page["results"][0]["id"] == page["results"][0]["course_id"] == course(1)
    second = sim.get(page["pagination"]["next"]).json()
    assert second["results"][0]["id"] == course(2) and second["pagination"]["next"] is None
    assert sim.get("/api/courses/v1/courses/?page=9").status == 404


def test_enrollments_newest_first_and_whole(sim, world):
    rows = sim.walk(ENROLLMENTS)
    assert len(rows) == len(world.enrollments)
    assert set(rows[0]) == {"created", "mode", "is_active", "user", "course_id"}
    assert [r["created"] for r in rows] == sorted((r["created"] for r in rows), reverse=True)
    truth = {
        (world.accounts[e.account].username, world.courses[e.course].id): e.toggles[-1][1]
        for e in world.enrollments
    }
    assert {(r["user"], r["course_id"]): r["is_active"] for r in rows} == truth
    assert False in truth.values()


def test_enrollment_page_size_and_links(sim):
    page = sim.get(f"{ENROLLMENTS}?page_size=500").json()
    assert len(page["results"]) == 100 and page["previous"] is None
    assert page["next"].startswith(sim.url + ENROLLMENTS + "?cursor=")
    second = sim.get(page["next"]).json()
    back = sim.get(second["previous"]).json()
    assert back["results"] == page["results"]
    gone = sim.get(f"{ENROLLMENTS}?cursor=bz14")
    assert (gone.status, gone.json()) == (404, {"developer_message": "Invalid cursor"})


def test_enrollment_filters(sim, world):
    mine = world.enrollments[3]
    a = world.accounts[mine.account]
    by_name = sim.walk(f"{ENROLLMENTS}?username={a.username},nobody")
    by_mail = sim.walk(f"{ENROLLMENTS}?email={quote(a.email.upper())}")
    assert by_name == by_mail and {r["user"] for r in by_name} == {a.username}
    one = sim.walk(f"{ENROLLMENTS}?course_id={quote(course(2))}")
    assert len(one) == sum(e.course == 1 for e in world.enrollments)
    assert sim.walk(f"{ENROLLMENTS}?course_id={quote('course-v1:NO+SUCH+C')}") == []
    assert sim.get(f"{ENROLLMENTS}?course_id=course-v1:A+B+C").status == 400, "a bare + is a space"
    assert sim.get(f"{ENROLLMENTS}?username={','.join(f'u{n}' for n in range(101))}").status == 400


def test_grades_of_active_enrolments_by_id(sim, world):
    rows = sim.walk(grades() + "?page_size=1000")
    active = [e for e in world.enrollments if e.course == 0 and e.toggles[-1][1]]
    assert [r["username"] for r in rows] == [world.accounts[e.account].username for e in active]
    assert len(active) < sum(e.course == 0 for e in world.enrollments)
    for row, e in zip(rows, active):
        grade = e.grades[-1][1] if e.grades else None
        assert row["percent"] == (grade.percent if grade else 0.0)
        assert row["passed"] == (grade is not None and grade.passed)
        assert row["letter_grade"] == ("Pass" if row["passed"] else None) and row["email"] == ""
        assert set(row) == {"username", "email", "course_id", "passed", "percent", "letter_grade"}
    assert len(sim.get(grades()).json()["results"]) == 50, "default page"
    name = rows[0]["username"]
    assert sim.get(f"{grades()}?username={name}").json() == rows[:1]
    assert sim.get(f"{grades()}?username=nobody").json()["error_code"] == "user_does_not_exist"
    lost = sim.get("/api/grades/v1/courses/course-v1:NO+SUCH+C/")
    assert lost.status == 404 and lost.json()["error_code"] == "course_does_not_exist"


def test_gradebook_shows_the_exam(sim, world):
    first = sim.get(gradebook() + "?page_size=3").json()
    assert list(first) == [
        "next",
        "previous",
        "results",
        "total_users_count",
        "filtered_users_count",
    ]
    rows = sim.walk(gradebook() + "?page_size=1000")
    active = [e for e in world.enrollments if e.course == 0 and e.toggles[-1][1]]
    assert first["total_users_count"] == len(active) == len(rows)
    for row, e in zip(rows, active):
        exam = next(s for s in row["section_breakdown"] if s["subsection_name"] == "Thi cuối khóa")
        attempted, earned = e.grades[-1][1].scores[5] if e.grades else (False, 0)
        assert (exam["attempted"], exam["score_earned"]) == (attempted, float(earned))
        assert exam["score_possible"] == (20.0 if attempted else 0.0) and exam["label"] == "Thi 01"
        assert row["user_id"] == world.accounts[e.account].user_id
        assert "passed" not in row and "progress_page_url" not in row
    assert any(not r["section_breakdown"][5]["attempted"] and r["percent"] > 0 for r in rows)
    some = sim.get(gradebook() + "?course_grade_min=50&page_size=1000").json()
    assert {r["percent"] >= 0.5 for r in some["results"]} == {True}
    assert some["filtered_users_count"] == len(some["results"]) < some["total_users_count"]


def test_gradebook_counts_are_an_hour_old(sim):
    sim.clock(now="begin")
    sim.clock(now="end")
    before = sim.get(gradebook()).json()["total_users_count"]
    sim.request("POST", "/_sim/inject", {"course": course(1), "count": 5})
    after = sim.get(gradebook() + "?page_size=1000").json()
    assert after["total_users_count"] == before and len(after["results"]) == before + 5
    sim.clock(now="begin")


def test_certificates(sim, world):
    rows = {}
    for i, a in enumerate(world.accounts):
        mine = [e for e in world.enrollments if e.account == i and e.certificates]
        if not mine:
            continue
        listed = sim.get(f"/api/certificates/v0/certificates/{a.username}/").json()
        passing = {world.courses[e.course].id for e in mine if e.certificates[-1][1].passing}
        assert {r["course_id"] for r in listed} == passing
        rows[a.username] = len(passing)
        revoked = [e for e in mine if not e.certificates[-1][1].passing]
        if revoked:
            c = quote(world.courses[revoked[0].course].id, safe="")
            one = sim.get(f"/api/certificates/v0/certificates/{a.username}/courses/{c}/").json()
            assert one["status"] == "unavailable" and one["is_passing"] is False
    assert 0 in rows.values() or sum(rows.values()) < sum(
        bool(e.certificates) for e in world.enrollments
    )
    assert sim.get("/api/certificates/v0/certificates/nobody/").json() == []
    none = sim.get(f"/api/certificates/v0/certificates/nobody/courses/{quote(course(1), safe='')}/")
    assert (none.status, none.json()) == (404, {"error_code": "no_certificate_for_user"})


def test_accounts(sim, world):
    a, b = world.accounts[0], world.accounts[1]
    both = sim.get(f"/api/user/v1/accounts?username={a.username},nobody,{b.username}").json()
    assert {r["username"] for r in both} == {a.username, b.username}, "unknown names are left out"
    assert {"id", "email", "is_active", "date_joined", "name", "last_login"} <= set(both[0])
    assert both[0]["date_joined"].endswith("Z") and "." not in both[0]["date_joined"]
    none = sim.get("/api/user/v1/accounts?username=nobody,noone")
    assert (none.status, none.body) == (404, b"")
    found = sim.get(f"/api/user/v1/accounts?email={quote(a.email.upper())}").json()
    assert [r["username"] for r in found] == [a.username]
    assert sim.get("/api/user/v1/accounts?email=nobody@example.com").status == 404
    head = {"Authorization": f"JWT {sim.token}"}
    many = sim.request(
        "POST",
        "/api/user/v1/accounts/search_emails",
        {"emails": [a.email, "x@example.com", b.email]},
        head,
    ).json()
    assert [set(r) for r in many] == [{"username", "email", "id"}] * 2
    silent = [i for i, x in enumerate(world.accounts) if x.activated is None]
    shown = sim.get(f"/api/user/v1/accounts/{world.accounts[silent[0]].username}").json()
    assert shown["is_active"] is False and shown["last_login"] is None


# ---- time


def test_the_clock_moves_the_platform(sim, world):
    sim.clock(now="begin")
    assert sim.state()["enrollments"] == 0
    assert sim.get("/api/user/v1/accounts?username=" + world.accounts[0].username).status == 404
    sim.clock(speed=86_400 * 7)
    time.sleep(0.5)
    middle = sim.state()
    assert 0 < middle["enrollments"] < len(world.enrollments)
    sim.clock(now="end")
    done = sim.state()
    assert done["enrollments"] == len(world.enrollments) and done["clock"]["finished"]
    total = sim.truth()["total"]
    assert (
        total["registered"] == 260
        and total["passed"] == world.truth_at(world.ends, None)["all"]["passed"]
    )


def test_unenrolled_passer_leaves_the_grades_but_not_the_enrolments(sim, world):
    left = [
        e for e in world.enrollments if e.grades and e.grades[-1][1].passed and not e.toggles[-1][1]
    ]
    assert len(left) >= 4
    name, c = world.accounts[left[0].account].username, left[0].course + 1
    assert name not in {r["username"] for r in sim.walk(grades(c) + "?page_size=1000")}
    row = [r for r in sim.walk(f"{ENROLLMENTS}?username={name}") if r["course_id"] == course(c)]
    assert [r["is_active"] for r in row] == [False]


def test_date_header_can_show_the_simulated_clock():
    with Simulator(world="generic", set=["learners=5"], sim_date=True) as sim:
        assert parsedate_to_datetime(sim.get(ENROLLMENTS).headers["Date"]).year == 2026
        assert sim.clock()["now"].startswith("2026-03-01T17:00:00")


# ---- limits


def test_throttle_says_how_long_to_wait():
    with Simulator(world="generic", set=["learners=5"], rate="enrollment=3/minute") as sim:
        assert [sim.get(ENROLLMENTS).status for _ in range(4)] == [200, 200, 200, 429]
        reply = sim.get(ENROLLMENTS)
        wait = int(reply.headers["Retry-After"])
        assert 1 <= wait <= 60 and reply.json() == {
            "developer_message": f"Request was throttled. Expected available in {wait} seconds."
        }
        assert sim.get(grades()).status == 200, "other views have no such limit"
        assert sim.stats()["path_status"]["/api/enrollment/v1/enrollments"] == {"200": 3, "429": 2}


def test_older_releases_give_no_retry_after():
    with Simulator(
        world="generic", set=["learners=5"], rate="enrollment=1/second", retry_after="old"
    ) as sim:
        replies = [sim.get(ENROLLMENTS) for _ in range(2)]
        assert replies[1].status == 429 and "Retry-After" not in replies[1].headers
        time.sleep(1.1)
        assert sim.get(ENROLLMENTS).status == 200


# ---- Hà Giang and speed


def test_hagiang_end_state_holds_the_printed_sums():
    with Simulator(world="hagiang", start="end") as sim:
        c = quote("course-v1:DEAN06+CDS01+2023", safe="")
        rows = sim.walk(f"/api/grades/v1/courses/{c}/?page_size=1000")
        truth = sim.truth()
        extra = truth["not_registered"]
        assert sum(r["passed"] for r in rows) == 2072 + extra["passed"]
        book = sim.walk(f"/api/grades/v1/gradebook/{c}/?page_size=1000")
        learned = sum(
            r["percent"] > 0 or any(s["attempted"] for s in r["section_breakdown"]) for r in book
        )
        assert learned == 2103 + extra["participated"]
        assert (
            sum(
                r["percent"] == 0 and any(s["attempted"] for s in r["section_breakdown"])
                for r in book
            )
            > 0
        )
        assert truth["total"]["certified"] == 2072


def test_pages_of_a_thousand_are_quick():
    with Simulator(
        world="generic", set=["learners=12000", "courses=1", "per_course=1"], start="end"
    ) as sim:
        sim.get(grades() + "?page_size=1")
        for allowed in (6.0, 1.5):  # first walk serialises, the second joins what is kept
            start = time.monotonic()
            assert len(sim.walk(grades() + "?page_size=1000")) > 9000
            assert time.monotonic() - start < allowed
