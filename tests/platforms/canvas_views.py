"""The views of the simulated Canvas."""

from __future__ import annotations

from aiohttp import web

from . import host
from .base import PLATFORM, base
from .canvas_forms import since, sortable
from .canvas_pages import paged, refuse, several
from .canvas_rows import TEACHER


async def courses(request: web.Request) -> web.Response:
    canvas = request.app[PLATFORM]
    return paged(request, list(range(len(canvas.world.courses))), None, canvas.rows.course)


def _need_admin(request: web.Request) -> None:
    """Lists of an account are its administrators'. Older releases refuse with 401, newer with 403."""
    canvas = request.app[PLATFORM]
    if request.match_info.get("account", "self") not in ("self", str(canvas.rows.base_id + 1)):
        raise refuse(404, "The specified resource does not exist.")
    if not canvas.args.admin:
        body = {"status": "unauthorized",
                "errors": [{"message": "user not authorized to perform that action"}]}  # fmt: skip
        raise host.Refused(host.as_json(body, canvas.args.unauthorized))


async def account_courses(request: web.Request) -> web.Response:
    _need_admin(request)
    canvas = request.app[PLATFORM]
    found = list(range(len(canvas.world.courses)))
    return paged(request, found, None, canvas.rows.course, counted=False)


async def account_users(request: web.Request) -> web.Response:
    """Everybody with an account, by sortable name; pages by number, without a last one."""
    _need_admin(request)
    canvas, include = request.app[PLATFORM], several(request, "include")
    rows = canvas.rows
    found = [(sortable(rows.name(a)).casefold(), a) for a in rows.accounts()]
    found = sorted([*found, (rows.teacher()["sortable_name"].casefold(), -1)])

    def show(f):
        return rows.user(f[1], include) if f[1] >= 0 else rows.teacher()

    return paged(request, found, None, show, counted=False)


async def profile(request: web.Request) -> web.Response:
    canvas = request.app[PLATFORM]
    account = canvas.rows.account_of(int(request.match_info["user"]))
    if account is None or account not in canvas.rows.accounts():
        raise refuse(404, "The specified resource does not exist.")
    canvas.stats.asked([request.match_info["user"]])
    return host.as_json(canvas.rows.profile(account))


async def progress(request: web.Request) -> web.Response:
    canvas = request.app[PLATFORM]
    rows, course = canvas.rows, canvas.course_of(request)
    if not canvas.args.modules:
        message = "No progress available because this course is not module based."
        return host.as_json({"error": {"message": message}}, 400)
    found = [i for i in rows.members(course) if rows.state(i) in ("active", "invited")]
    found.sort(key=lambda i: canvas.view.accounts[canvas.view.enrollments[i].account].user_id)
    return paged(request, found, None, lambda i: rows.progress(i, base(request)))


async def one_course(request: web.Request) -> web.Response:
    canvas = request.app[PLATFORM]
    return host.as_json(canvas.rows.course(canvas.course_of(request)))


def _states(canvas, request: web.Request, name: str) -> set[str]:
    default = {"active", "invited"} | ({"inactive"} if canvas.args.admin else set())
    return set(several(request, name)) or default


async def enrollments(request: web.Request) -> web.Response:
    canvas = request.app[PLATFORM]
    rows, course = canvas.rows, canvas.course_of(request)
    states = _states(canvas, request, "state")
    types = set(several(request, "role") or several(request, "type"))
    user = request.query.get("user_id")
    found: list[tuple] = []
    if not types or "StudentEnrollment" in types:
        for i in rows.members(course):
            e = canvas.view.enrollments[i]
            if rows.state(i) not in states:
                continue
            if user and str(rows.base_id + canvas.view.accounts[e.account].user_id) != user:
                continue
            name = sortable(rows.name(e.account)).casefold()
            found.append(("StudentEnrollment", name, e.id, i))
    if (not types or TEACHER in types) and "active" in states and not user:
        found.append((TEACHER, "", 0, None))
    found.sort(key=lambda f: f[:3])

    def show(f):
        if f[3] is None:
            return rows.teaching(course, base(request))
        return rows.enrollment(f[3], base(request))

    return paged(request, found, lambda f: f[:3], show)


async def users(request: web.Request) -> web.Response:
    canvas = request.app[PLATFORM]
    rows, course = canvas.rows, canvas.course_of(request)
    states = _states(canvas, request, "enrollment_state")
    kinds, include = set(several(request, "enrollment_type")), several(request, "include")
    found = []
    if not kinds or "student" in kinds:
        mine = {canvas.view.enrollments[i].account: i for i in rows.members(course)
                if rows.state(i) in states}  # fmt: skip
        found = sorted((sortable(rows.name(a)).casefold(), a, i) for a, i in mine.items())

    def show(f):
        out = rows.user(f[1], include)
        if "enrollments" in include:
            out["enrollments"] = [rows.enrollment(f[2], base(request))]
        return out

    return paged(request, found, None, show)


def _moment(request: web.Request, name: str) -> int | None:
    if not request.query.get(name):
        return None
    at = since(request.query[name])
    if at is None:
        raise host.Refused(
            host.as_json({"errors": {name: f"Invalid datetime for {name}"}}, status=400)
        )
    return at


async def submissions(request: web.Request) -> web.Response:
    canvas = request.app[PLATFORM]
    rows, course, q = canvas.rows, canvas.course_of(request), request.query
    asked = several(request, "student_ids")
    if "all" not in asked and len(asked) > 100:
        return host.as_json({"error": "too many students"}, 400)
    submitted, graded = _moment(request, "submitted_since"), _moment(request, "graded_since")
    wanted = set(several(request, "assignment_ids"))
    found = []
    for i in rows.members(course):
        e = canvas.view.enrollments[i]
        if rows.state(i) == "deleted":
            continue
        if "all" not in asked:
            if str(rows.base_id + canvas.view.accounts[e.account].user_id) not in asked:
                continue
        for part, (at, marked, _, _) in enumerate(rows.tries(i)):
            if submitted is not None and (at is None or at <= submitted):
                continue
            if graded is not None and (marked is None or marked <= graded):
                continue
            state = "unsubmitted" if at is None else "graded"
            if q.get("workflow_state") not in (None, "", state):
                continue
            if wanted and str(rows.assignment_id(course, part)) not in wanted:
                continue
            found.append((marked or 0, e.id, part, i))
    by_grade = q.get("order") == "graded_at"
    found.sort(key=lambda f: f[:3] if by_grade else f[1:3])
    if q.get("order_direction") == "descending":
        found.reverse()
    key = None if q.get("order_direction") == "descending" else (
        lambda f: f[:3] if by_grade else f[1:3]
    )
    return paged(request, found, key, lambda f: rows.submission(f[3], f[2], base(request)))


async def assignments(request: web.Request) -> web.Response:
    canvas = request.app[PLATFORM]
    course = canvas.course_of(request)
    parts = list(range(len(canvas.world.courses[course].sections)))
    return paged(request, parts, None, lambda n: canvas.rows.assignment(course, n))


def _exams(canvas, course: int) -> list[int]:
    return [n for n, s in enumerate(canvas.world.courses[course].sections) if s.is_exam]


async def quizzes(request: web.Request) -> web.Response:
    canvas = request.app[PLATFORM]
    course = canvas.course_of(request)
    return paged(request, _exams(canvas, course), None, lambda n: canvas.rows.quiz(course, n))


async def quiz_submissions(request: web.Request) -> web.Response:
    canvas = request.app[PLATFORM]
    rows, course = canvas.rows, canvas.course_of(request)
    ids = {rows.assignment_id(course, n): n for n in _exams(canvas, course)}
    part = ids.get(int(request.match_info["quiz"]))
    if part is None:
        raise refuse(404, "The specified resource does not exist.")
    made = (rows.quiz_submission(i, part, base(request)) for i in rows.members(course)
            if rows.state(i) != "deleted")  # fmt: skip
    found = sorted((m for m in made if m), key=lambda m: m["id"])
    return paged(request, found, None, lambda m: m, wrap="quiz_submissions")
