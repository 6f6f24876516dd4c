"""Attempts at a quiz that a teacher deletes: they are annulled, and only they."""
import time

import pytest

import shard_log
from ingest_process import IngestProcess
from json_server import JsonServer

AT = 1757000000
QUIZ = 5


class Moodle:
    """A course with one quiz of 10 marks; `made`: attempts by learner, {number: marks}. A lesson has the id of the quiz."""

    def __init__(self, learners):
        self.made = {learner: {1: 8, 2: 3} for learner in range(1, learners + 1)}
        self.left, self.asked, self.broken, self.swept = set(), [], False, 0

    def grades(self):
        self.swept += 1
        for learner, made in self.made.items():
            if learner in self.left:
                continue
            items = [{"itemtype": "mod", "itemmodule": "quiz", "iteminstance": QUIZ, "itemnumber": 0, "grademax": 10,
                      "graderaw": max(made.values()) if made else None, "gradedategraded": AT},
                     {"itemtype": "mod", "itemmodule": "lesson", "iteminstance": QUIZ, "itemnumber": 0, "grademax": 10,
                      "graderaw": None}]
            yield {"userid": learner, "gradeitems": items}

    def answer(self, _path, fields, _headers):
        function = fields.get("wsfunction", "")
        if function == "gradereport_user_get_grade_items":
            return 200, {"usergrades": list(self.grades())}, {}
        if function == "mod_quiz_get_quizzes_by_courses":
            return 200, {"quizzes": [{"id": QUIZ, "sumgrades": 10}]}, {}
        if function == "mod_quiz_get_user_attempts":
            who = int(fields["userid"])
            self.asked.append(who)
            if self.broken:
                return 200, {"exception": "moodle_exception", "errorcode": "nopermissions", "message": "no"}, {}
            rows = [{"quiz": QUIZ, "userid": who, "attempt": n, "preview": 0, "state": "finished", "timefinish": AT + n,
                     "sumgrades": marks} for n, marks in self.made[who].items()]
            return 200, {"attempts": rows}, {}
        return 200, {"courses": []} if function.startswith("core_course") else [], {}


def in_force(ingest):
    """Marks of the attempts in force, by subject and number."""
    return sorted((e["subject"], e["data"]["attempt"], e["data"]["score"])
                  for e in ingest.last()["exam.graded"].values() if "attempt" in e["data"])


def marks_of(ingest):
    return sorted(score for _, _, score in in_force(ingest))


def until(ingest, want, seconds=20):
    ingest.wait(lambda _: marks_of(ingest) == sorted(want), seconds)


def more_sweeps(world, count=4):
    goal = world.swept + count
    deadline = time.monotonic() + 20
    while world.swept < goal:
        assert time.monotonic() < deadline
        time.sleep(0.05)
    time.sleep(0.5)


def source(server, folder, **more):
    return {"name": "m", "kind": "moodle", "url": server.url, "allow_http": True, "token_file": str(folder / "token"),
            "requests_per_minute": 60000, "sweep_every": "300ms", "grades_every": "300ms", "courses": ["2"]} | more


@pytest.mark.long
def test_deleted_attempts(brokers, prefix, tmp_path):
    w = Moodle(4)
    with JsonServer(w.answer) as server:
        with IngestProcess(brokers, prefix, tmp_path, source(server, tmp_path), {"token": b"t"}) as ingest:
            until(ingest, [3, 8] * 4)
            asked = len(w.asked)
            more_sweeps(w)
            assert len(w.asked) == asked == 4, "asked about whose grade did not move"

            w.left = {4}  # who leaves keeps what was reached
            del w.made[1][1]  # the best one of two
            until(ingest, [3, 8] * 3 + [3])
            w.made[2] = {}  # all
            until(ingest, [3, 8] * 2 + [3])
            more_sweeps(w)
            asked = len(w.asked)
            more_sweeps(w)
            assert len(w.asked) == asked

            # A new one has the next number; a refusal is no evidence.
            w.made[1][3] = 9
            until(ingest, [3, 8] * 2 + [3, 9])
            w.broken, w.made[3] = True, {}
            more_sweeps(w, 6)
            assert marks_of(ingest) == sorted([3, 8] * 2 + [3, 9])
            w.broken = False
            until(ingest, [3, 8] + [3, 9])

            # Nothing is told again after a restart, and what was deleted meanwhile is found.
            ingest.stop()
            del w.made[1][2]  # does not move the grade
            ingest.start()
            until(ingest, [3, 8] + [9])
            more_sweeps(w)
            assert marks_of(ingest) == [3, 8, 9]
            assert len([e for e in shard_log.events(brokers, prefix) if e["type"] == "exam.annulled"
                        and e["data"].get("attempt")]) == 6


def test_many_deleted_attempts_are_held(brokers, prefix, tmp_path):
    w = Moodle(40)
    with JsonServer(w.answer) as server:
        with IngestProcess(brokers, prefix, tmp_path, source(server, tmp_path), {"token": b"t"}) as ingest:
            until(ingest, [3, 8] * 40)
            for made in w.made.values():
                del made[1]
            deadline = time.monotonic() + 20
            while "attempts" not in (listed := ingest.command("hold", "list").stdout):
                assert time.monotonic() < deadline, (listed, ingest.command("status").stdout)
                time.sleep(0.3)
            assert marks_of(ingest) == sorted([3, 8] * 40)
