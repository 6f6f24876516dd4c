#!/usr/bin/env python3
"""A simulated xAPI learning record store (1.0.3 and 2.0) over a seeded world.

    python tests/platforms/xapi.py --world hagiang --seed 1 --port 0 --port-file F --speed 14400

Serves the Statement Resource for reading as the specification has it. See README.md.
"""

from __future__ import annotations

import base64
import binascii
import json
import re
import secrets
import sys
import time
from datetime import datetime, timezone
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from aiohttp import web  # noqa: E402

from platforms import host  # noqa: E402
from platforms.base import PLATFORM  # noqa: E402
from platforms.xapi_statements import Maker, Style, course_iri, stored_text  # noqa: E402
from platforms.xapi_store import Query, Store, ifi  # noqa: E402
from world.model import instant, micros  # noqa: E402

LIST = {
    "agent", "verb", "activity", "registration", "related_activities", "related_agents", "since",
    "until", "limit", "format", "attachments", "ascending",
}  # fmt: skip
SINGLE = {"statementId", "voidedStatementId"}
UUID = re.compile(r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$", re.I)
VERSION = re.compile(r"^(1\.0(\.\d+)?|2\.0(\.\d+)?)$")


def refuse(status: int, message: str, headers=None) -> host.Refused:
    return host.Refused(host.as_json({"error": message}, status, headers))


def moment(name: str, text: str, strict: bool) -> int:
    """A Timestamp: ISO 8601; in 2.0 by RFC 3339, so with a zone."""
    try:
        if not re.match(r"^\d{4}-\d\d-\d\dT\d\d:\d\d", text):
            raise ValueError
        when = datetime.fromisoformat(re.sub(r"(\.\d{6})\d+", r"\1", text))
    except ValueError:
        raise refuse(400, f"{name} is not a timestamp: {text}") from None
    if when.tzinfo is None:
        if strict:
            raise refuse(400, f"{name} has no time zone: {text}")
        when = when.replace(tzinfo=timezone.utc)
    return micros(when)


class Lrs(host.Host):
    name = "xapi"
    list_keys = ("statements",)

    def __init__(self, world, args):
        super().__init__(world, args)
        self.clients = dict(c.split(":", 1) for c in args.client)
        version = "2.0.0" if args.statements == "2.0" else "1.0.0"
        self.style = Style(args.actor, version, args.batch * 1000, args.mistakes, args.late,
                           dialect=args.dialect)  # fmt: skip
        self.maker = Maker(world, self.style, args.site)
        self.store = Store(self.maker.all())
        self.store.lag = int(args.lag * 1e6)
        self.course_index = {c.id: n for n, c in enumerate(world.courses)}
        self.epoch = 0
        self.known = len(world.enrollments)

    def catch_up(self) -> None:
        now = self.clock.now()
        if now < self.view.now and self.known > len(self.world.enrollments):
            self.store = Store(Maker(self.world, self.style, self.args.site).all())
            self.store.lag = int(self.args.lag * 1e6)
            self.known = len(self.world.enrollments)
        self.view.advance(now)
        for i in range(self.known, len(self.view.enrollments)):  # injected: no part of the truth
            self.store.add(self.maker.injected(self.view, i))
        self.known = len(self.view.enrollments)

    def hide(self, indexes) -> None:
        """Statements of these enrolments are not there (fault vanish)."""
        accounts = {(self.view.enrollments[i].account, self.view.enrollments[i].course)
                    for i in indexes}  # fmt: skip
        gone = set()
        for a, c in accounts:
            gone |= self.maker.of.get((a, c), set())
        self.store.hidden = gone

    def summary(self) -> dict:
        return self.store.count(self.clock.now())

    def secrets(self) -> set[str]:
        return set(self.clients.values())

    def expire_all(self) -> None:
        self.epoch += 1

    def routes(self, app: web.Application) -> None:
        app.router.add_get("/xapi/about", about)
        app.router.add_get("/xapi/statements", statements)
        app.router.add_get("/xapi/statements/more/{token}", more)
        app.router.add_post("/_sim/lag", set_lag)

    def template(self, path: str) -> str:
        return re.sub(r"/more/.*", "/more/{token}", path)

    def version_of(self, request: web.Request) -> str:
        asked = request.headers.get("X-Experience-API-Version", "")
        newest = self.args.versions.split(",")[-1]
        if asked.startswith("2.0") and "2.0.0" in self.args.versions:
            return "2.0.0"
        return "1.0.3" if "1.0.3" in self.args.versions else newest

    def finish(self, request, response) -> None:
        response.headers["X-Experience-API-Version"] = self.version_of(request)
        if request.path.startswith("/xapi/statements") and not self.args.no_consistent_through:
            through = stored_text(self.clock.now() - self.store.lag)
            response.headers["X-Experience-API-Consistent-Through"] = through

    def relink(self, request, response, to) -> web.Response:
        page = json.loads(response.body)
        base = f"{request.url.scheme}://{request.host}"
        link = to(base + page["more"] if page.get("more") else None)
        page["more"] = link.removeprefix(base) if link else ""
        response.body = json.dumps(page, ensure_ascii=False).encode()
        return response

    def admit(self, request: web.Request) -> bool:
        """Checks version and credentials; whether the request is one of 2.0."""
        asked = request.headers.get("X-Experience-API-Version")
        if asked is None:
            raise refuse(400, "X-Experience-API-Version header is missing")
        two = asked.startswith("2.")
        if not VERSION.match(asked) or ("2.0.0" if two else "1.0.3") not in self.args.versions:
            raise refuse(400, f"X-Experience-API-Version {asked} is not supported")
        kind, _, text = request.headers.get("Authorization", "").partition(" ")
        try:
            name, _, secret = base64.b64decode(text, validate=True).decode().partition(":")
        except (binascii.Error, UnicodeDecodeError):
            name = secret = ""
        known = self.clients.get(name, "")
        if kind.lower() != "basic" or not known or not secrets.compare_digest(
            known.encode(), secret.encode()
        ):
            raise refuse(401, "Unauthorized", {"WWW-Authenticate": 'Basic realm="LRS"'})
        return two

    # ---- more: all that is needed to go on stands in the link

    def seal(self, query: dict, after: str) -> str:
        made = [query, after, int(time.time()), self.epoch]
        return base64.urlsafe_b64encode(json.dumps(made).encode()).decode().rstrip("=")

    def unseal(self, token: str) -> tuple[dict, str]:
        try:
            query, after, at, epoch = json.loads(
                base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))
            )
        except (ValueError, TypeError):
            raise refuse(400, "not a more link of this LRS") from None
        if at + self.args.more_ttl < time.time() or epoch != self.epoch:
            raise refuse(400, "this more link has expired")
        if after not in self.store.by_id:
            raise refuse(400, "not a more link of this LRS")
        return query, after


def query_of(q: dict, two: bool) -> Query:
    """The filters of a request; Refused says which one is wrong."""

    def flag(name: str) -> bool:
        if q.get(name, "false") not in ("true", "false"):
            raise refuse(400, f"{name} is neither true nor false: {q[name]}")
        return q.get(name) == "true"

    agent = None
    if "agent" in q:
        try:
            agent = ifi(json.loads(q["agent"]))
        except (ValueError, TypeError):
            agent = None
        if agent is None:
            raise refuse(400, "agent is not an Agent with one inverse functional identifier")
    for name in ("verb", "activity"):
        if name in q and not re.match(r"^[A-Za-z][A-Za-z0-9+.-]*:\S+$", q[name]):
            raise refuse(400, f"{name} is not an IRI: {q[name]}")
    if "registration" in q and not UUID.match(q["registration"]):
        raise refuse(400, "registration is not a UUID")
    if not q.get("limit", "0").isdigit():
        raise refuse(400, f"limit is not a whole number from 0: {q['limit']}")
    if q.get("format", "exact") not in ("ids", "exact", "canonical"):
        raise refuse(400, f"format is none of ids, exact, canonical: {q['format']}")
    flag("attachments"), flag("related_agents")
    return Query(
        moment("since", q["since"], two) if "since" in q else None,
        moment("until", q["until"], two) if "until" in q else None,
        flag("ascending"), q.get("verb"), q.get("activity"), agent,
        q.get("registration", "").lower() or None, flag("related_activities"),
        q.get("format", "exact"), int(q.get("limit", "0")),
    )  # fmt: skip


def _ids(body: dict) -> dict:
    """format=ids: agents, activities and verbs only as far as they are identified."""
    strip = lambda o: {k: v for k, v in o.items() if k not in ("definition", "name")}  # noqa: E731
    return {**body, "actor": strip(body["actor"]), "object": strip(body["object"]),
            "verb": {"id": body["verb"]["id"]}}  # fmt: skip


def page(lrs: Lrs, raw: dict, query: Query, after: str | None) -> web.Response:
    most = lrs.args.max_limit
    limit = min(query.limit, most) if query.limit else most
    found, last = lrs.store.page(query, lrs.clock.now(), after, limit)
    lrs.stats.rows += len(found)
    show = _ids if query.format == "ids" else (lambda body: body)
    more = f"/xapi/statements/more/{lrs.seal(raw, last)}" if last else ""
    return host.as_json({"statements": [show(s.body) for s in found], "more": more})


async def statements(request: web.Request) -> web.Response:
    lrs = request.app[PLATFORM]
    two = lrs.admit(request)
    q = dict(request.query)
    unknown = set(q) - LIST - SINGLE
    if unknown:
        raise refuse(400, f"unknown parameter: {', '.join(sorted(unknown))}")
    single = SINGLE & set(q)
    if not single:
        return page(lrs, q, query_of(q, two), None)
    if len(single) > 1 or set(q) - SINGLE - {"attachments", "format"}:
        raise refuse(400, f"{single.pop()} goes with nothing but attachments and format")
    name = single.pop()
    if not UUID.match(q[name]):
        raise refuse(400, f"{name} is not a UUID")
    one = lrs.store.get(q[name], lrs.clock.now(), voided=name == "voidedStatementId")
    if one is None:
        raise refuse(404, "no such statement")
    when = instant(one.stored).strftime("%a, %d %b %Y %H:%M:%S GMT")
    return host.as_json(one.body, headers={"Last-Modified": when})


async def more(request: web.Request) -> web.Response:
    lrs = request.app[PLATFORM]
    two = lrs.admit(request)
    raw, after = lrs.unseal(request.match_info["token"])
    return page(lrs, raw, query_of(raw, two), after)


async def about(request: web.Request) -> web.Response:
    return host.as_json({"version": request.app[PLATFORM].args.versions.split(",")})


async def set_lag(request: web.Request) -> web.Response:
    """{"seconds": x}: from now on statements may be seen so much later than they are stored."""
    lrs = request.app[PLATFORM]
    lrs.store.lag = int(float((await request.json())["seconds"]) * 1e6)
    return web.json_response({"seconds": lrs.store.lag / 1e6})


def parse(argv=None):
    p = host.parser(__doc__)
    p.add_argument("--client", action="append", default=[], metavar="KEY:SECRET")
    p.add_argument("--versions", default="1.0.3,2.0.0", help="of xAPI that the LRS speaks")
    p.add_argument("--statements", choices=("1.0", "2.0"), default="1.0", help="their version")
    p.add_argument("--actor", choices=("mixed", "mbox", "sha1", "account"), default="mixed")
    p.add_argument("--dialect", choices=("sim", "openedx"), default="sim",
                   help="openedx: as event-routing-backends makes statements")  # fmt: skip
    p.add_argument("--max-limit", type=int, default=100, help="most statements in one reply")
    p.add_argument("--batch", type=int, default=1, metavar="MS", help="stored is a multiple of it")
    p.add_argument("--mistakes", type=int, default=25, help="of N first exams one is voided")
    p.add_argument("--lag", type=float, default=0, help="seconds until all stored is seen")
    p.add_argument("--late", type=float, default=0.1, help="share that is seen late")
    p.add_argument("--more-ttl", type=float, default=86400, help="seconds a more link is valid")
    p.add_argument("--no-consistent-through", action="store_true", help="as some LRSs: no header")
    args = p.parse_args(argv)
    args.client = ["mooc-pulse:sim-secret", *args.client]
    return args


if __name__ == "__main__":
    host.run(Lrs, parse())
