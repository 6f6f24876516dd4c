#!/usr/bin/env python3
"""Simulated Moodle web services over a seeded world.

    python tests/platforms/moodle.py --world hagiang --seed 1 --port 0 --port-file F --speed 14400

One address, /webservice/rest/server.php, for all functions. See README.md.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path
from xml.sax.saxutils import escape

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from aiohttp import web  # noqa: E402

from platforms import host, moodle_control, moodle_functions  # noqa: E402
from platforms.base import PLATFORM  # noqa: E402
from platforms.moodle_functions import Failure  # noqa: E402
from platforms.shown import Shown  # noqa: E402

PATH = "/webservice/rest/server.php"
PART = re.compile(r"\[([^\]]*)\]")


def php(pairs) -> dict:
    """Form fields as PHP reads them: a[0][name]=x gives {"a": {"0": {"name": "x"}}}, a[]=x appends."""
    out: dict = {}
    for name, value in pairs:
        keys = [name.split("[", 1)[0], *PART.findall(name)]
        at = out
        for key in keys[:-1]:
            key = key or str(len(at))
            at = at.setdefault(key, {})
            if not isinstance(at, dict):
                break
        else:
            at[keys[-1] or str(len(at))] = value
    return out


class Moodle(host.Host):
    name = "moodle"
    list_keys = ("usergrades", "attempts", "quizzes", "courses")

    def __init__(self, world, args):
        super().__init__(world, args)
        self.rows = Shown(self.view)
        self.course_index = self.rows.course_index
        self.expired: set[str] = set()

    def secrets(self) -> set[str]:
        return set(self.args.token)

    def expire_all(self) -> None:
        self.expired |= set(self.args.token)

    async def target(self, request: web.Request) -> str:
        """All requests have one path: faults may name the function behind it."""
        form = await request.post() if request.method == "POST" else {}
        name = form.get("wsfunction", "")
        request["function"] = name
        return f"{request.path_qs} {name}"

    def error200(self, path: str) -> web.Response:
        return failed(Failure("dml_read_exception", "dmlreadexception", "Error reading from database"))

    def relink(self, request, response, to) -> web.Response:
        return response

    def list_of(self, page):
        if isinstance(page, list):
            return page
        return super().list_of(page) if "exception" not in page else None

    def routes(self, app: web.Application) -> None:
        app.router.add_route("*", PATH, serve)
        moodle_control.routes(app)


def failed(error: Failure, xml: bool = False) -> web.Response:
    body = {"exception": error.kind, "errorcode": error.code, "message": error.message}
    return reply(body, xml)


def reply(value, xml: bool) -> web.Response:
    if not xml:
        return host.as_json(value)
    text = escape(str(value))  # enough for a client that forgot moodlewsrestformat=json
    body = f'<?xml version="1.0" encoding="UTF-8" ?>\n<RESPONSE>\n{text}\n</RESPONSE>\n'
    return web.Response(text=body, content_type="application/xml")


async def serve(request: web.Request) -> web.Response:
    platform = request.app[PLATFORM]
    pairs = list(request.query.items()) + list((await request.post()).items())
    fields = php(pairs)
    xml = fields.pop("moodlewsrestformat", "xml") != "json"
    try:
        token = fields.pop("wstoken", "")
        if token not in platform.args.token or token in platform.expired:
            raise Failure("moodle_exception", "invalidtoken", "Invalid token - token not found")
        name = fields.pop("wsfunction", "")
        platform.stats.paths[name] += 1
        function = moodle_functions.TABLE.get(name)
        if function is None or not known(platform, name):
            raise moodle_functions.missing("external_functions")
        if name in platform.args.deny:
            raise Failure("webservice_access_exception", "accessexception",
                          "Access control exception")  # fmt: skip
        value = function(platform, fields, request["faults"])
    except Failure as error:
        return failed(error, xml)
    rows = platform.list_of(value)
    platform.stats.rows += len(rows or ())
    return reply(value, xml)


def known(platform: Moodle, name: str) -> bool:
    """mod_quiz_get_user_quiz_attempts came with 5.0; the older function stayed, deprecated."""
    return name != "mod_quiz_get_user_quiz_attempts" or platform.args.release >= 5.0


def parse(argv=None):
    p = host.parser(__doc__)
    p.add_argument("--token", action="append", default=[], help="default sim-token")
    p.add_argument("--release", type=float, default=5.0, help="e.g. 3.9, 4.5, 5.0")
    p.add_argument("--deny", action="append", default=[], metavar="FUNCTION",
                   help="function that is not in the token's service")  # fmt: skip
    p.add_argument("--completion", choices=("on", "off", "none"), default="on",
                   help="off: not enabled; none: enabled, without criteria")  # fmt: skip
    args = p.parse_args(argv)
    args.token = args.token or ["sim-token"]
    return args


if __name__ == "__main__":
    host.run(Moodle, parse())
