"""Learners who can only be asked about one by one: that some of them are not shown hides no other, and what is hidden is seen once it is shown."""
import json
import time

from ingest_process import IngestProcess
from json_server import JsonServer

AT = "2026-01-02T03:04:05Z"


class Canvas:
    """A course as a teacher's token sees it: no list of users. `refused`: statuses of profiles by learner."""

    def __init__(self, learners):
        self.learners, self.refused, self.asked = list(map(str, learners)), {}, []

    def answer(self, path, _query, _headers):
        if path.endswith("/users"):
            return 403, {"status": "unauthorized"}, {}
        if path.endswith("/enrollments"):
            return 200, [{"id": "9" + i, "user_id": i, "enrollment_state": "active", "created_at": AT} for i in self.learners], {}
        if path.endswith("/profile"):
            learner = path.split("/")[-2]
            self.asked.append(learner)
            if learner in self.refused:
                return self.refused[learner], {"errors": [{"message": "no"}]}, {}
            return 200, {"id": learner, "name": "An", "primary_email": f"p{learner}@example.vn"}, {}
        return 200, [], {}


def made(brokers, prefix, folder, server, profiles_every="1s"):
    streams = {"enrollments": {"every": "500ms"}, "users": {"every": "500ms"}, "profiles": {"every": profiles_every},
               "submissions": {"off": True}, "progress": {"off": True}}
    source = {"name": "cv", "kind": "canvas", "url": server.url, "token_file": str(folder / "token"), "courses": ["7"],
              "requests_per_minute": 600000, "max_concurrent": 8, "streams": streams}
    return IngestProcess(brokers, prefix, folder, source, {"token": b"token"})


def profiles(ingest):
    """What status says of the stream."""
    status = json.loads(ingest.command("status", "--format", "json").stdout or "{}")
    streams = [stream for source in status.get("sources", []) for stream in source["streams"]]
    return next((stream for stream in streams if stream["stream"] == "profiles"), {})


def accounts(ingest, count, seconds=20):
    return ingest.wait(lambda last: len(last["account.created"]) == count, seconds)["account.created"]


def until(condition, seconds=20):
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.1)


def test_a_learner_who_is_not_shown_hides_no_other(brokers, prefix, tmp_path):
    canvas = Canvas(range(1, 9))
    canvas.refused = {"1": 404, "5": 403}  # deleted, and somebody whom a teacher may not see
    with JsonServer(canvas.answer) as server, made(brokers, prefix, tmp_path, server) as ingest:
        told = accounts(ingest, 6)
        assert all(len(e["data"]["identifiers"]) == 1 for e in told.values())
        until(lambda: "profiles" in ingest.marks())  # everybody was asked about
        canvas.learners += ["9"]
        accounts(ingest, 7)
        del canvas.refused["1"]
        accounts(ingest, 8)
        assert not profiles(ingest).get("note"), profiles(ingest)
        ingest.stop()


def test_what_nobody_may_see_is_asked_for_now_and_then(brokers, prefix, tmp_path):
    canvas = Canvas(range(1, 401))
    canvas.refused = {str(i): 403 for i in range(1, 401)}
    with JsonServer(canvas.answer) as server, made(brokers, prefix, tmp_path, server, "8s") as ingest:
        until(lambda: profiles(ingest).get("note"))
        assert profiles(ingest)["note"] == "accounts not visible here"
        assert 200 <= len(canvas.asked) < 220  # not all of them
        assert "profiles" not in ingest.marks()
        canvas.refused = {}  # the right is given
        accounts(ingest, 400, 60)
        until(lambda: "profiles" in ingest.marks())
        assert not profiles(ingest).get("note"), profiles(ingest)
        ingest.stop()


def test_a_group_that_was_deleted_hides_nobody_behind_it(brokers, prefix, tmp_path):
    canvas = Canvas(range(1, 701))
    canvas.refused = {str(i): 404 for i in range(311, 600)}
    with JsonServer(canvas.answer) as server, made(brokers, prefix, tmp_path, server, "1m") as ingest:
        accounts(ingest, 411, 60)
        until(lambda: "profiles" in ingest.marks())
        assert not profiles(ingest).get("note"), profiles(ingest)
        ingest.stop()


def test_few_learners_of_whom_none_is_shown(brokers, prefix, tmp_path):
    canvas = Canvas(range(1, 4))
    canvas.refused = {str(i): 404 for i in range(1, 4)}
    with JsonServer(canvas.answer) as server, made(brokers, prefix, tmp_path, server) as ingest:
        until(lambda: profiles(ingest).get("note"))
        assert not ingest.last()["account.created"]
        ingest.stop()


def test_check_asks_about_learners_who_are_listed_further_down(brokers, prefix, tmp_path):
    canvas = Canvas(range(1, 4))
    with JsonServer(canvas.answer) as server:
        ingest = made(brokers, prefix, tmp_path, server)
        said = ingest.command("check", "cv").stdout
        (line,) = [line for line in said.splitlines() if line.startswith("  profiles") and "requests" not in line]
        assert line.split()[1] == "ok" and "1 account.created" in line, said
        sampled = [json.loads(line) for line in ingest.command("sample", "cv", "--count", "4").stdout.splitlines()]
        assert {e["type"] for e in sampled} == {"enrollment.created", "account.created"}


def test_check_leaves_out_what_stands_in_for_what_is_shown(brokers, prefix, tmp_path):
    def answer(path, query, headers):
        return (200, [{"id": "1", "name": "An", "created_at": AT}], {}) if path.endswith("/users") else \
            Canvas([1]).answer(path, query, headers)
    with JsonServer(answer) as server:
        said = made(brokers, prefix, tmp_path, server).command("check", "cv").stdout
        assert "  users            ok" in said and "profiles" not in said, said
