"""A record whose bytes are as they were is passed over, unless something else that counts has changed: every sweep after the first is
answered with the same bytes but for what a step changes."""
import time

import pytest
from ingest_process import IngestProcess
from json_server import JsonServer

COURSE = "course-v1:HG+CDS+2023"
LEARNERS = [f"hv{i:03d}" for i in range(40)]


class Platform:
    """As much of Open edX as lists need. Every row is printed once and for all; `without` leaves rows out."""

    def __init__(self):
        self.enrolled = {name: {"created": f"2023-08-0{i % 9 + 1}T08:00:00Z", "mode": "honor", "is_active": True, "user": name,
                                "course_id": COURSE} for i, name in enumerate(LEARNERS)}
        self.grades = {name: {"username": name, "course_id": COURSE, "passed": False, "percent": 0.0} for name in LEARNERS}
        self.attempted, self.accounts = set(), set(LEARNERS) - {"hv007"}
        self.sweeps = self.asked = 0

    def list(self, rows):
        return {"next": None, "previous": None, "results": list(rows)}

    def answer(self, path, query):
        if path == "/oauth2/access_token":
            return {"access_token": "t", "expires_in": 3600, "token_type": "JWT", "scope": "read"}
        if path == "/api/enrollment/v1/enrollments":
            self.sweeps += 1
            return self.list(self.enrolled.values())
        if path.startswith("/api/grades/v1/courses/"):
            return self.list(self.grades.values())
        if path.startswith("/api/grades/v1/gradebook/"):
            return self.list({"username": name, "section_breakdown": [
                {"attempted": name in self.attempted, "label": "Final", "subsection_name": "Final"}]} for name in LEARNERS)
        if path == "/api/user/v1/accounts":
            self.asked += 1
            return [{"username": name, "email": f"{name}@example.vn", "name": name, "is_active": True,
                     "date_joined": "2023-07-01T00:00:00Z"} for name in query["username"].split(",") if name in self.accounts] or None
        return None


@pytest.fixture
def platform():
    platform = Platform()

    def answer(path, query, _):
        value = platform.answer(path, query)
        return 404 if value is None else 200, value, {}

    with JsonServer(answer) as server:
        platform.url = server.url
        yield platform


def told(last):
    return {kind: rows for kind, rows in last.items() if rows and kind != "source.swept"}


def swept_again(platform, times=2):
    before, deadline = platform.sweeps, time.monotonic() + 60
    while platform.sweeps < before + times + 1: # the sweep under way does not count
        assert time.monotonic() < deadline
        time.sleep(0.05)


@pytest.mark.long
def test_only_what_is_as_it_was_is_passed_over(brokers, prefix, tmp_path, platform):
    source = {"name": "lms", "kind": "openedx", "url": platform.url, "client_id": "i", "client_secret_file": str(tmp_path / "secret"),
              "sweep_every": "1s", "head_every": "10m", "certificates_every": "10h", "accounts_every": "10h",
              "requests_per_minute": 60000, "courses": [COURSE]}
    with IngestProcess(brokers, prefix, tmp_path, source, {"secret": b"s"}) as ingest:
        last = ingest.wait(lambda last: len(last["enrollment.created"]) == 40 and len(last["account.activated"]) == 39)
        assert not last["learning.progressed"]
        swept_again(platform, 3)
        idle = ingest.last()
        assert told(idle) == told(last)

        platform.attempted.add("hv003") # her grade says what it said, her row of the gradebook does not
        ingest.wait(lambda last: len(last["learning.progressed"]) == 1)

        row = platform.enrolled.pop("hv005") # gone, and back with the same bytes
        gone = ingest.wait(lambda last: len(last["enrollment.cancelled"]) == 1)
        assert len(gone["enrollment.created"]) == 39
        platform.enrolled["hv005"] = row
        back = ingest.wait(lambda last: len(last["enrollment.created"]) == 40)
        assert not back["enrollment.cancelled"]

        platform.accounts.add("hv007") # her enrolment says what it said, and she is asked about again
        ingest.wait(lambda last: len(last["account.activated"]) == 40)

        platform.grades["hv009"]["percent"] = 0.5
        moved = ingest.wait(lambda last: len(last["learning.progressed"]) == 2)
        platform.grades["hv009"]["percent"] = 0.0 # the bytes of the first sweep, but not what is held now
        taken = ingest.wait(lambda last: len(last["learning.progressed"]) == 1)
        assert set(taken["learning.progressed"]) < set(moved["learning.progressed"])
        swept_again(platform)
        assert len(ingest.last()["learning.progressed"]) == 1
        ingest.stop()
