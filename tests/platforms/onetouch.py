#!/usr/bin/env python3
"""A simulated platform with a JSON API of its own, in the manner of OneTouch, over a seeded world.

    python tests/platforms/onetouch.py --world hagiang --seed 1 --port 0 --port-file F --speed 14400

No public API of OneTouch is known: this one is defined here, as the worked example. See README.md.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from aiohttp import web  # noqa: E402

from platforms import host  # noqa: E402
from platforms.auth import Throttle  # noqa: E402
from platforms.base import PLATFORM  # noqa: E402
from platforms.shown import Shown  # noqa: E402
from world.model import UTC7, instant  # noqa: E402

DAY, LOCAL = 86_400_000_000, 25_200_000_000  # microseconds; Viet Nam is seven hours ahead
BIG = 2**53  # ids from here on are not exact as doubles


def local(us: int | None) -> str | None:
    """Local time of Viet Nam without a zone, as the API writes it."""
    return None if us is None else f"{instant(us).astimezone(UTC7):%d/%m/%Y %H:%M:%S}"


def envelope(data, code: int = 0, message: str = "OK") -> web.Response:
    """Errors have status 200, too; `code` tells."""
    return host.as_json({"code": code, "message": message, "data": data})


def refuse(code: int, message: str) -> host.Refused:
    return host.Refused(envelope(None, code, message))


class OneTouch(host.Host):
    name = "onetouch"

    def __init__(self, world, args):
        super().__init__(world, args)
        self.rows = Shown(self.view)
        self.course_index = self.rows.course_index
        self.expired: set[str] = set()
        self.throttle = Throttle(args.rate) if args.rate else None
        self._lists: dict[tuple, list] = {}  # what all pages of a list share, as long as nothing changes

    def listed(self, name: str, course: int, make) -> list:
        """make() -> the records of a list, once for all its pages."""
        version = (self.view._next, len(self.view.accounts), len(self.rows.hidden))
        if (name, course) not in self._lists or self._lists[name, course][0] != version:
            self._lists[name, course] = (version, make())
        return self._lists[name, course][1]

    def secrets(self) -> set[str]:
        return set(self.args.key)

    def expire_all(self) -> None:
        self.expired |= set(self.args.key)

    def template(self, path: str) -> str:
        return re.sub(r"/courses/[^/]+", "/courses/{id}", path)

    def error200(self, path: str) -> web.Response:
        return envelope(None, 500, "Lỗi hệ thống")

    def relink(self, request, response, to) -> web.Response:
        return response  # pages by number have no links

    def list_of(self, page):
        return page["data"]["items"] if isinstance(page.get("data"), dict) else None

    def routes(self, app: web.Application) -> None:
        course = "/api/v1/courses/{course}/"
        for path, handler in (
            ("/api/v1/courses", courses),
            ("/api/v1/users", users),
            (course + "learners", learners),
            (course + "daily-progress", daily_progress),
            (course + "exam-results", exam_results),
            (course + "certificates", certificates),
        ):
            app.router.add_get(path, admitted(handler))

    # ---- ids

    def user_id(self, account: int) -> int:
        return self.view.accounts[account].user_id + (BIG + 1 if self.args.big_ids else 0)

    def course_of(self, request: web.Request) -> int:
        text = request.match_info["course"]
        if not text.isdigit() or not 1 <= int(text) <= len(self.world.courses):
            raise refuse(404, "Không tìm thấy khóa học")
        return int(text) - 1

    def page(self, request: web.Request, items: list, row) -> web.Response:
        """`page` from 1, `size` up to the platform's maximum; a page beyond the last is empty."""
        numbers = []
        for name, default in (("page", 1), ("size", 20)):
            text = request.query.get(name, str(default))
            if not text.isdigit() or int(text) < 1:
                raise refuse(400, f"Tham số {name} không hợp lệ")
            numbers.append(int(text))
        number, size = numbers[0], min(numbers[1], self.args.max_size)
        total, at = len(items), number
        if "repeat_next" in request["faults"]:
            at = 1
        if "endless" in request["faults"]:
            total, at = 10**9, 1 + (number - 1) % max(1, -(-len(items) // size))
        part = [row(i) for i in items[(at - 1) * size : at * size]]
        self.stats.rows += len(part)
        return envelope({"items": part, "total": total, "page": number, "size": size})


def admitted(handler):
    """The API key and the request rate before a view."""

    async def view(request: web.Request) -> web.StreamResponse:
        platform = request.app[PLATFORM]
        key = request.headers.get("X-API-Key", "")
        if key not in platform.args.key or key in platform.expired:
            raise refuse(401, "API key không hợp lệ")
        if platform.throttle and platform.throttle.wait(key) is not None:
            raise refuse(429, "Quá nhiều yêu cầu")
        return await handler(platform, request)

    return view


async def courses(platform: OneTouch, request: web.Request) -> web.Response:
    def row(n: int) -> dict:
        c = platform.world.courses[n]
        return {
            "id": n + 1,
            "code": c.number,
            "name": c.name,
            "startDate": local(c.start),
            "endDate": local(c.end),
            "lectureCount": platform.args.lectures,
            "questionCount": next(s.questions for s in c.sections if s.is_exam),
            "passPercent": round(100 * c.pass_mark),
        }

    return platform.page(request, list(range(len(platform.world.courses))), row)


async def users(platform: OneTouch, request: web.Request) -> web.Response:
    def row(i: int) -> dict:
        a, person = platform.view.accounts[i], platform.rows.person.get(i)
        active = platform.view.is_active_user[i]
        return {
            "userId": platform.user_id(i),
            "fullName": a.name,
            "email": a.email,
            "phone": person.phone if person else None,
            "cccd": person.citizen if person else None,
            "createdAt": local(a.joined),
            "active": active,
            "activatedAt": local(a.activated) if active else None,
        }

    return platform.page(request, platform.listed("users", 0, platform.rows.accounts), row)


async def learners(platform: OneTouch, request: web.Request) -> web.Response:
    """Those enrolled now. Who has left is not listed."""
    count = platform.args.lectures

    def row(i: int) -> dict:
        e, grade = platform.view.enrollments[i], platform.view.grade[i]
        parts = [s for s, (d) in zip(grade.scores, platform.world.courses[e.course].sections)
                 if not d.is_exam] if grade else []  # fmt: skip
        done = count * sum(tried for tried, _ in parts) // len(parts) if parts else 0
        return {
            "userId": platform.user_id(e.account),
            "registeredAt": local(e.created),
            "lecturesDone": done,
            "lectureCount": count,
            "progressPercent": round(100 * done / count, 1),
        }

    course = platform.course_of(request)
    members = platform.listed("learners", course, lambda: platform.rows.members(course))
    return platform.page(request, members, row)


def days_of(platform: OneTouch, i: int) -> list[tuple[int, int, int]]:
    """(enrolment, last moment of the day, lectures done by its end) of each day with a lecture, in order."""
    e, now = platform.view.enrollments[i], platform.view.now
    parts = [n for n, s in enumerate(platform.world.courses[e.course].sections) if not s.is_exam]
    days: dict[int, tuple[int, int, int]] = {}
    before = 0
    for at, grade in e.grades:
        if at > now:
            break
        done = platform.args.lectures * sum(grade.scores[n][0] for n in parts) // len(parts)
        if done > before:
            days[(at + LOCAL) // DAY] = (i, at, done)
            before = done
    return list(days.values())


async def daily_progress(platform: OneTouch, request: web.Request) -> web.Response:
    """What each learner had done by the end of each day on which it became more, also of those who have left."""
    count, course = platform.args.lectures, platform.course_of(request)

    def row(one) -> dict:
        i, at, done = one
        return {
            "userId": platform.user_id(platform.view.enrollments[i].account),
            "date": local(at)[:10],
            "lastLearnedAt": local(at),
            "lecturesDone": done,
            "lectureCount": count,
        }

    found = platform.listed("days", course, lambda: [
        day for i in platform.rows.members(course, left=True) for day in days_of(platform, i)])  # fmt: skip
    return platform.page(request, found, row)


async def exam_results(platform: OneTouch, request: web.Request) -> web.Response:
    """Every attempt, also of learners who have left. The verdict is that of the course."""
    course = platform.course_of(request)
    questions = next(s.questions for s in platform.world.courses[course].sections if s.is_exam)
    found = platform.listed("exams", course, lambda: [
        (i, n, attempt)
        for i in platform.rows.members(course, left=True)
        for n, attempt in enumerate(platform.rows.attempts(i), 1)
    ])  # fmt: skip

    def row(one) -> dict:
        i, n, (at, right, passed) = one
        return {
            "userId": platform.user_id(platform.view.enrollments[i].account),
            "attemptNo": n,
            "correctAnswers": right,
            "questionCount": questions,
            "result": "PASS" if passed else "FAIL",
            "submittedAt": local(at),
        }

    return platform.page(request, found, row)


async def certificates(platform: OneTouch, request: web.Request) -> web.Response:
    course, view = platform.course_of(request), platform.view

    def row(i: int) -> dict:
        c = view.certificate[i]
        return {
            "userId": platform.user_id(view.enrollments[i].account),
            "certificateNo": c.uuid[:12].upper(),
            "issuedAt": local(c.created),
            "revokedAt": None if c.passing else local(c.modified),
        }

    found = platform.listed("certificates", course, lambda: [
        i for i in platform.rows.members(course, left=True) if view.certificate[i]])  # fmt: skip
    return platform.page(request, found, row)


def parse(argv=None):
    p = host.parser(__doc__)
    p.add_argument("--key", action="append", default=[], help="API key; default sim-key")
    p.add_argument("--rate", help="N/PERIOD, e.g. 120/minute; beyond it code 429")
    p.add_argument("--max-size", type=int, default=200, help="most rows of a page")
    p.add_argument("--lectures", type=int, default=30, help="lectures of a course")
    p.add_argument("--big-ids", action="store_true", help="user ids above 2^53")
    args = p.parse_args(argv)
    args.key = args.key or ["sim-key"]
    return args


if __name__ == "__main__":
    host.run(OneTouch, parse())
