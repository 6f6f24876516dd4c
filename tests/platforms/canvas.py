#!/usr/bin/env python3
"""A simulated Canvas LMS over a seeded world.

    python tests/platforms/canvas.py --world hagiang --seed 1 --port 0 --port-file F --speed 14400

Serves the REST endpoints for reading courses, enrolments, submissions and quizzes. See README.md.
"""

from __future__ import annotations

import json
import random
import re
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from aiohttp import web  # noqa: E402

from platforms import canvas_views as views  # noqa: E402
from platforms import host  # noqa: E402
from platforms.base import PLATFORM  # noqa: E402
from platforms.canvas_forms import stringify  # noqa: E402
from platforms.canvas_pages import refuse  # noqa: E402
from platforms.canvas_rows import GLOBAL, Rows  # noqa: E402

LINK = re.compile(r"<([^>]*)>; rel=\"([a-z]+)\"")


class Bucket:
    """A leaky bucket per token: full from `hwm` on, holds `maximum`, leaks `outflow` a second."""

    def __init__(self, hwm: float, outflow: float):
        self.hwm, self.maximum, self.outflow = hwm, hwm * 4 / 3, outflow
        self.count, self.touched = 0.0, time.monotonic()

    def add(self, amount: float) -> None:
        now = time.monotonic()
        self.count = max(0.0, self.count - (now - self.touched) * self.outflow)
        self.count = min(self.maximum, max(0.0, self.count + amount))
        self.touched = now

    @property
    def full(self) -> bool:
        return self.count >= self.hwm


class Canvas(host.Host):
    name = "canvas"
    list_keys = ("quiz_submissions", "quizzes")

    def __init__(self, world, args):
        super().__init__(world, args)
        self.rows = Rows(self.view, GLOBAL if args.global_ids else 0)
        self.course_index = self.rows.course_index
        self.buckets: dict[str, Bucket] = {}
        self.expired: set[str] = set()

    def secrets(self) -> set[str]:
        return set(self.args.token)

    def expire_all(self) -> None:
        self.expired |= set(self.args.token)

    def template(self, path: str) -> str:
        return re.sub(r"/(courses|quizzes|users)/\d+", r"/\1/{id}", path)

    def finish(self, request, response) -> None:
        response.headers.setdefault("X-Request-Context-Id", "sim")

    def relink(self, request, response, to) -> web.Response:
        links = {rel: url for url, rel in LINK.findall(response.headers.get("Link", ""))}
        links["next"] = to(links.get("next"))
        text = ",".join(f'<{url}>; rel="{rel}"' for rel, url in links.items() if url)
        response.headers["Link"] = text
        return response

    def routes(self, app: web.Application) -> None:
        course = r"/api/v1/courses/{course:\d+}"
        for path, handler in (
            ("/api/v1/courses", views.courses),
            (course, views.one_course),
            (course + "/enrollments", views.enrollments),
            (course + "/users", views.users),
            (course + "/bulk_user_progress", views.progress),
            ("/api/v1/accounts/{account}/courses", views.account_courses),
            ("/api/v1/accounts/{account}/users", views.account_users),
            (r"/api/v1/users/{user:\d+}/profile", views.profile),
            (course + "/students/submissions", views.submissions),
            (course + "/assignments", views.assignments),
            (course + "/quizzes", views.quizzes),
            (course + r"/quizzes/{quiz:\d+}/submissions", views.quiz_submissions),
        ):
            app.router.add_get(path, metered(handler))
        app.router.add_post("/_sim/rename", rename)
        app.router.add_post("/_sim/new-token", new_token)

    def admit(self, request: web.Request) -> str:
        kind, _, token = request.headers.get("Authorization", "").partition(" ")
        if kind.lower() != "bearer":
            token = request.query.get("access_token", "")
        if not token:
            body = {"status": "unauthenticated",
                    "errors": [{"message": "user authorization required"}]}  # fmt: skip
            headers = {"WWW-Authenticate": 'Bearer realm="canvas-lms"'}
            raise host.Refused(host.as_json(body, 401, headers))
        if token not in self.args.token or token in self.expired:
            raise refuse(
                401, "Invalid access token.", {"WWW-Authenticate": 'Bearer realm="canvas-lms"'}
            )
        return token

    def course_of(self, request: web.Request) -> int:
        n = int(request.match_info["course"]) - self.rows.base_id - 1
        if not 0 <= n < len(self.world.courses):
            raise refuse(404, "The specified resource does not exist.")
        return n


def metered(handler):
    """Token, rate bucket and the form of ids around a view."""

    async def view(request: web.Request) -> web.StreamResponse:
        canvas = request.app[PLATFORM]
        token = canvas.admit(request)
        args = canvas.args
        bucket = canvas.buckets.setdefault(token, Bucket(args.quota, args.refill))
        bucket.add(50)  # while a request is under way, so that parallel ones show
        cost, before = 0.0, canvas.stats.rows
        try:
            if bucket.full:
                reason = "Forbidden" if args.throttle == 403 else "Too Many Requests"
                text = f"{args.throttle} {reason} (Rate Limit Exceeded)\n"
                return web.Response(
                    status=args.throttle, text=text, headers={"X-Rate-Limit-Remaining": "0.0"}
                )
            response = await handler(request)
            cost = args.cost * (0.05 + 0.002 * (canvas.stats.rows - before))
        finally:
            bucket.add(cost - 50)
        response.headers["X-Request-Cost"] = str(cost)
        response.headers["X-Rate-Limit-Remaining"] = str(bucket.hwm - bucket.count)
        if "application/json+canvas-string-ids" in request.headers.get("Accept", ""):
            response.body = json.dumps(
                stringify(json.loads(response.body)), ensure_ascii=False
            ).encode()
        return response

    return view


# ---- control


async def rename(request: web.Request) -> web.Response:
    """{"count": n, "to": prefix}: so many learners of a course are named anew, so that their rows
    move in lists that are sorted by name; "to" puts them first ("A") or last ("Z")."""
    canvas = request.app[PLATFORM]
    canvas.catch_up()
    body = await request.json()
    course = canvas.course_index[body.get("course", canvas.world.courses[0].id)]
    accounts = sorted({canvas.view.enrollments[i].account for i in canvas.rows.members(course)})
    some = random.Random(len(canvas.rows.names)).sample(accounts, int(body.get("count", 1)))
    if "users" in body:
        some = [canvas.rows.account_of(int(u)) for u in body["users"]]
    for a in some:
        canvas.rows.names[a] = f"{canvas.rows.name(a)} {body.get('to', 'A')}"
    ids = [canvas.rows.base_id + canvas.view.accounts[a].user_id for a in some]
    return web.json_response({"users": ids})


async def new_token(request: web.Request) -> web.Response:
    """{"token": t}: that token is valid from now on."""
    canvas = request.app[PLATFORM]
    token = (await request.json())["token"]
    canvas.args.token.append(token)
    canvas.expired.discard(token)
    return web.json_response({"token": token})


def parse(argv=None):
    p = host.parser(__doc__)
    p.add_argument("--token", action="append", default=[])
    p.add_argument("--global-ids", action="store_true", help="ids above 2^53")
    p.add_argument("--pages", choices=("bookmark", "number"), default="bookmark",
                   help="number: pages by number, with a last link")  # fmt: skip
    p.add_argument("--admin", action="store_true", help="the token's owner is an account admin")
    p.add_argument("--unauthorized", type=int, choices=(401, 403), default=403,
                   help="how what the token has no right to is refused")  # fmt: skip
    p.add_argument("--modules", action="store_true", help="courses are built of modules")
    p.add_argument("--quota", type=float, default=600, help="what the rate bucket holds")
    p.add_argument("--refill", type=float, default=10, help="what it leaks in a second")
    p.add_argument("--cost", type=float, default=1, help="factor on the cost of a request")
    p.add_argument("--throttle", type=int, choices=(403, 429), default=403)
    args = p.parse_args(argv)
    args.token = args.token or ["sim-token"]
    return args


if __name__ == "__main__":
    host.run(Canvas, parse())
