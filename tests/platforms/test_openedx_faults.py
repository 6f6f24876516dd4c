"""The simulator breaks as told, and only as long as told."""

from __future__ import annotations

import http.client
import json
import sys
import time
import urllib.error
from email.utils import parsedate_to_datetime
from pathlib import Path
from urllib.parse import quote

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from platforms.conftest import GENERIC  # noqa: E402
from platforms.paths import ENROLLMENTS, course, gradebook, grades  # noqa: E402
from platforms.simulator import Simulator  # noqa: E402


def test_status_fault_counts_down(sim):
    sim.fault("status", path="/grades/", status=503, count=2, after=1, retry_after=7)
    assert [sim.get(grades()).status for _ in range(4)] == [200, 503, 503, 200]
    assert sim.get(ENROLLMENTS).status == 200


def test_bodies_that_are_not_what_they_seem(sim):
    sim.fault("html", count=1)
    page = sim.get(grades())
    assert page.status == 200 and page.body.startswith(b"<!DOCTYPE")
    sim.fault("truncate", count=1)
    with pytest.raises(json.JSONDecodeError):
        sim.get(grades()).json()
    sim.fault("error200", count=1)
    assert "results" not in sim.get(grades()).json()
    sim.fault("oversize", count=1, bytes=3_000_000)
    assert len(sim.get(grades()).body) > 3_000_000
    sim.fault("deep", count=1, depth=5000)
    with pytest.raises(RecursionError):
        json.loads(sim.get(grades()).body.replace(b"[", b"[" * 20).replace(b"]", b"]" * 20))
    sim.fault("bad_row", count=1, set={"percent": "ba"})
    assert sim.get(grades()).json()["results"][0]["percent"] == "ba"
    sim.fault("empty", count=1)
    assert sim.get(grades()).json()["results"] == []
    assert len(sim.get(grades()).json()["results"]) == 50


def test_connection_reset_in_the_body(sim):
    sim.fault("reset", count=1)
    with pytest.raises((http.client.IncompleteRead, ConnectionError, urllib.error.URLError)):
        sim.get(grades())
    assert sim.get(grades()).status == 200


def test_slow_and_hanging_replies(sim):
    sim.fault("slow", count=1, bytes_per_second=20_000)
    start = time.monotonic()
    assert len(sim.get(grades()).json()["results"]) == 50
    assert time.monotonic() - start > 0.15
    sim.fault("hang", count=1)
    with pytest.raises(TimeoutError):
        sim.get(grades(), timeout=0.4)


def test_bad_next_links(sim):
    sim.fault("repeat_next", count=1)
    page = sim.get(grades()).json()
    assert sim.get(page["next"]).json()["results"] == page["results"]
    sim.fault("foreign_next", count=1, host="thu-do.example")
    assert sim.get(grades()).json()["next"].startswith("http://thu-do.example/api/")


def test_token_expires_in_the_middle_of_a_sweep(sim):
    sim.fault("expire_token", path="cursor=", count=1)
    page = sim.get(grades()).json()
    assert sim.get(page["next"]).status == 401
    sim.login()
    assert sim.get(page["next"]).status == 200


def test_gradebook_can_be_forbidden(sim):
    sim.fault("forbid", path="/gradebook/")
    reply = sim.get(gradebook())
    assert reply.status == 403 and reply.json()["error_code"] == "feature_not_enabled"


def test_mass_vanish_and_return(sim, world):
    sim.fault("vanish", course=course(1), share=0.5)
    half = len(sim.walk(f"{ENROLLMENTS}?course_id={quote(course(1))}"))
    whole = sum(e.course == 0 for e in world.enrollments)
    assert half == whole - whole // 2
    assert (
        len(sim.walk(f"{ENROLLMENTS}?course_id={quote(course(2))}"))
        == len(world.enrollments) - whole
    )
    sim.clear_faults()
    assert len(sim.walk(f"{ENROLLMENTS}?course_id={quote(course(1))}")) == whole


def test_date_skew(sim):
    sim.fault("skew", seconds=-600)
    date = parsedate_to_datetime(sim.get(ENROLLMENTS).headers["Date"]).timestamp()
    assert 590 < time.time() - date < 610


def test_page_numbers_shift_while_paging_and_cursors_do_not():
    def walked(pages: str) -> list[str]:
        with Simulator(
            world="generic", seed=4, set=GENERIC, start="end", enrollment_pages=pages
        ) as sim:
            sim.fault("insert", path="page=2|cursor=", course=course(1), n=7)
            return [f"{r['user']}/{r['course_id']}" for r in sim.walk(ENROLLMENTS)]

    by_number, by_cursor = walked("number"), walked("cursor")
    assert len(by_number) > len(set(by_number)), "rows pushed onto the next page are seen twice"
    assert len(by_cursor) == len(set(by_cursor))


def test_page_number_envelope():
    with Simulator(
        world="generic", seed=4, set=GENERIC, start="end", enrollment_pages="number"
    ) as sim:
        first = sim.get(f"{ENROLLMENTS}?page_size=50").json()
        assert set(first) == {
            "next",
            "previous",
            "count",
            "num_pages",
            "current_page",
            "start",
            "results",
        }
        second = sim.get(first["next"]).json()
        assert (second["current_page"], second["start"]) == (2, 50)
        assert second["count"] == len(sim.walk(ENROLLMENTS)) and second["num_pages"] > 2


def test_unknown_fault_is_refused(sim):
    with pytest.raises(ValueError, match="there are: status"):
        sim.fault("explode")


def test_stats_name_paths_and_users(sim, world):
    name = world.accounts[0].username
    for _ in range(3):
        sim.get(f"/api/certificates/v0/certificates/{name}/")
    sim.get(grades())
    stats = sim.stats()
    assert stats["paths"]["/api/certificates/v0/certificates/{username}"] == 3
    assert stats["paths"]["/api/grades/v1/courses/{course_id}"] == 1
    assert stats["most_users"][0] == [name, 3] and stats["rows"] == 50
