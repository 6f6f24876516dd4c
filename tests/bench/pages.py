"""A fast server of ready pages in the shape of Open edX's lists, so that the client is what is measured.

    python tests/bench/pages.py --courses 20 --learners 5000 --port-file F

GET /_bench/requests gives the times of the lists' first pages. Accounts and certificates know nobody: 404.
"""
import argparse
import asyncio
import json
import time

from aiohttp import web

ENROLLMENTS, GRADES = "/api/enrollment/v1/enrollments", "/api/grades/v1/courses/"
GRADEBOOK = "/api/grades/v1/gradebook/"


def course_id(course):
    return f"course-v1:BENCH+C{course:02d}+2023"


def enrollment(course, learner):
    return {"created": f"2023-08-{learner % 28 + 1:02d}T08:15:30.123456Z", "mode": "honor", "is_active": True,
            "user": f"learner_{learner:07d}", "course_id": course_id(course)}


def grade(course, learner):
    return {"username": f"learner_{learner:07d}", "email": "", "course_id": course_id(course), "passed": False,
            "percent": round((learner % 97 + 1) / 100, 2), "letter_grade": None}


def gradebook(course, learner):
    return {"user_id": learner, "username": f"learner_{learner:07d}", "email": "", "percent": round((learner % 97 + 1) / 100, 2),
            "section_breakdown": [{"attempted": True, "category": "Final", "label": "Final", "module_id": "block-v1:final",
                                   "percent": 0.4, "score_earned": 8, "score_possible": 20, "subsection_name": "Final"}]}


def pages(path, row, course, learners, size, base):
    chunks = [range(at, min(at + size, learners)) for at in range(0, learners, size)]
    for number, chunk in enumerate(chunks):
        following = f"{base}{path}{'&' if '?' in path else '?'}cursor={number + 1}" if number + 1 < len(chunks) else None
        yield json.dumps({"next": following, "previous": None, "results": [row(course, i) for i in chunk]},
                         separators=(",", ":")).encode()


class Server:
    def __init__(self, courses, learners):
        self.courses, self.learners, self.lists, self.times = courses, learners, {}, []

    def build(self, base):
        for c in range(self.courses):
            quoted = course_id(c)
            self.lists["e", quoted] = list(pages(f"{ENROLLMENTS}?course_id={quoted.replace('+', '%2B')}", enrollment, c,
                                                 self.learners, 100, base))
            self.lists["g", quoted] = list(pages(f"{GRADES}{quoted}/", grade, c, self.learners, 1000, base))
            self.lists["b", quoted] = list(pages(f"{GRADEBOOK}{quoted}/", gradebook, c, self.learners, 1000, base))

    async def page(self, kind, course, request):
        number = int(request.query.get("cursor", 0))
        if number == 0:
            self.times.append((kind, course, time.time()))
        body = self.lists.get((kind, course))
        if body is None:
            raise web.HTTPNotFound
        return web.Response(body=body[number], content_type="application/json")

    def routes(self, app):
        async def token(_):
            return web.json_response({"access_token": "t", "expires_in": 36000, "token_type": "JWT", "scope": "read"})

        async def nobody(_):
            return web.Response(status=404)

        async def requests(_):
            return web.json_response(self.times)

        app.router.add_post("/oauth2/access_token", token)
        app.router.add_get(ENROLLMENTS, lambda r: self.page("e", r.query.get("course_id"), r))
        app.router.add_get(GRADES + "{course}/", lambda r: self.page("g", r.match_info["course"], r))
        app.router.add_get(GRADEBOOK + "{course}/", lambda r: self.page("b", r.match_info["course"], r))
        app.router.add_get("/_bench/requests", requests)
        app.router.add_route("*", "/{rest:.*}", nobody)


async def serve(arguments):
    server, app = Server(arguments.courses, arguments.learners), web.Application()
    server.routes(app)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    port = site._server.sockets[0].getsockname()[1]
    server.build(f"http://127.0.0.1:{port}")
    with open(arguments.port_file, "w", encoding="ascii") as file:
        file.write(str(port))
    await asyncio.Event().wait()


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--courses", type=int, default=20)
    parser.add_argument("--learners", type=int, default=5000)
    parser.add_argument("--port-file", required=True)
    asyncio.run(serve(parser.parse_args()))
