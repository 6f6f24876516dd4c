"""What the control endpoint of the simulated Moodle does besides. Meant for a clock that stands still."""

from __future__ import annotations

from bisect import bisect_right

from aiohttp import web

from world.timeline import grade_of

from .base import PLATFORM
from .moodle_functions import account_of, course_index


def _enrolment(platform, body: dict) -> int:
    platform.catch_up()
    course = course_index(platform, int(body["course"]))
    own = platform.view.by_account[account_of(platform, int(body["user"]))]
    return next(i for i in own if platform.view.enrollments[i].course == course)


async def leave(request: web.Request) -> web.Response:
    """{"course": id, "user": id}: is un-enrolled now."""
    platform = request.app[PLATFORM]
    i = _enrolment(platform, await request.json())
    platform.view.shown[i] = False
    return web.json_response({})


async def mark(request: web.Request) -> web.Response:
    """{"course": id, "user": id, "section": n, "right": answers, "attempt": true}: so many right answers
    in that section of the course from now on, by a new attempt or by a regrade of the last one."""
    platform = request.app[PLATFORM]
    body = await request.json()
    i, n, view = _enrolment(platform, body), int(body["section"]), platform.view
    e, course = view.enrollments[i], view.world.courses[view.enrollments[i].course]
    upto = bisect_right(e.grades, view.now, key=lambda g: g[0])
    scores = list(e.grades[upto - 1][1].scores if upto else [(False, 0)] * len(course.sections))
    before, scores[n] = scores[n], (True, int(body["right"]))
    grade = grade_of(course, scores)
    if body.get("attempt"):
        e.grades.insert(upto, (view.now, grade))
    else:  # the attempt stays, and has other marks; so have all grades since
        for k in range(upto):
            at, old = e.grades[k]
            if old.scores[n] == before:
                e.grades[k] = at, grade_of(course, [*old.scores[:n], scores[n], *old.scores[n + 1 :]])
    view.grade[i] = grade
    view.stamp[i] += 1
    return web.json_response({})


async def new_token(request: web.Request) -> web.Response:
    """{"token": t}: that token is valid from now on."""
    platform = request.app[PLATFORM]
    token = (await request.json())["token"]
    platform.args.token.append(token)
    platform.expired.discard(token)
    return web.json_response({"token": token})


def routes(app: web.Application) -> None:
    for name, handler in (("leave", leave), ("mark", mark), ("new-token", new_token)):
        app.router.add_post("/_sim/" + name, handler)
