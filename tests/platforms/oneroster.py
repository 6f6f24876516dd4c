#!/usr/bin/env python3
"""A simulated OneRoster provider, 1.1 and 1.2, over a seeded world.

    python tests/platforms/oneroster.py --world hagiang --seed 1 --port 0 --port-file F --speed 14400
"""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlencode

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from aiohttp import web  # noqa: E402

from platforms import host, oneroster_rows  # noqa: E402
from platforms.auth import AuthError, Client, Throttle, Tokens  # noqa: E402
from platforms.base import PLATFORM  # noqa: E402

PURL = "https://purl.imsglobal.org/spec/or/{version}/scope/{name}.readonly"
TERM = re.compile(r"^\s*([A-Za-z.]+)\s*(!=|>=|<=|=|>|<|~)\s*'([^']*)'\s*$")
LINK = re.compile(r'<([^>]*)>; rel="([a-z]+)"')
COMPARE = {
    "=": lambda a, b: a == b,
    "!=": lambda a, b: a != b,
    ">": lambda a, b: a > b,
    "<": lambda a, b: a < b,
    ">=": lambda a, b: a >= b,
    "<=": lambda a, b: a <= b,
    "~": lambda a, b: b.casefold() in a.casefold(),
}


class Minor(NamedTuple):
    """A code minor and the HTTP status that goes with it."""

    status: int
    code: str


# The vocabulary of imsx_codeMinorFieldValue, less fullsuccess.
BAD_FILTER, BAD_FIELD = Minor(400, "invalid_filter_field"), Minor(400, "invalid_selection_field")
BAD_DATA, UNAUTHORISED = Minor(422, "invaliddata"), Minor(401, "unauthorisedrequest")
FORBIDDEN, UNKNOWN = Minor(403, "forbidden"), Minor(404, "unknownobject")
BUSY, BROKEN = Minor(429, "server_busy"), Minor(500, "internal_server_error")


def failure(path: str, minor: Minor, text: str, status: int | None = None, **more) -> web.Response:
    """imsx_StatusInfo; 1.1 puts it into a set, beside what else there is."""
    body = {
        "imsx_codeMajor": "failure",
        "imsx_severity": "error",
        "imsx_description": text,
        "imsx_CodeMinor": {"imsx_codeMinorField": [
            {"imsx_codeMinorFieldName": "TargetEndSystem", "imsx_codeMinorFieldValue": minor.code}]},
    }  # fmt: skip
    if "/v1p1" in path:
        body = {**more, "statusInfoSet": [body]}
    return host.as_json(body, status or minor.status)


class OneRoster(host.Host):
    name = "oneroster"
    list_keys = ("orgs", "users", "courses", "classes", "enrollments", "lineItems", "results")

    def __init__(self, world, args):
        super().__init__(world, args)
        self.rows = oneroster_rows.Rows(self.view)
        self.course_index = self.rows.course_index
        self.tokens = Tokens({"mooc-pulse": Client("mooc-pulse", "sim-secret", "x")},
                             args.expires_in)  # fmt: skip
        self.scopes: dict[str, set[str]] = {}
        self.throttle = Throttle(args.rate) if args.rate else None

    def secrets(self) -> set[str]:
        return {"sim-secret", *self.scopes}

    def expire_all(self) -> None:
        self.tokens.expire_all()

    def error200(self, path: str) -> web.Response:
        """With an empty list, as 1.1 allows."""
        return failure(path, BROKEN, "Internal error", 200, **{path.rpartition("/")[2]: []})

    def routes(self, app: web.Application) -> None:
        app.router.add_post("/token", self.token)
        for version in ("v1p1", "v1p2"):
            for service, names in (("rostering", self.list_keys[:5]), ("gradebook", self.list_keys[5:])):
                folder = version if version == "v1p1" else f"{service}/{version}"
                for name in names:
                    if version in self.args.version:
                        app.router.add_get(f"/ims/oneroster/{folder}/{name}",
                                           listing(name, version, service))  # fmt: skip
        app.router.add_get(r"/ims/oneroster/{rest:.*}", unknown)

    async def token(self, request: web.Request) -> web.Response:
        form = dict(await request.post())
        client = self.tokens.client_of(request.headers.get("Authorization", ""), form)
        if form.get("grant_type") != "client_credentials":
            return host.as_json({"error": "unsupported_grant_type"}, 400)
        if client is None:
            return host.as_json({"error": "invalid_client"}, 401)
        scopes = set(form.get("scope", "").split())
        if not scopes or not all("/spec/or/" in s for s in scopes):
            return host.as_json({"error": "invalid_scope"}, 400)
        body = self.tokens.issue(client, "bearer")
        self.scopes[body["access_token"]] = scopes
        return host.as_json({**body, "scope": " ".join(sorted(scopes))})

    def relink(self, request, response, to) -> web.Response:
        links = {rel: url for url, rel in LINK.findall(response.headers.get("Link", ""))}
        links["next"] = to(links.get("next"))
        text = ", ".join(f'<{url}>; rel="{rel}"' for rel, url in links.items() if url)
        if self.args.link:
            response.headers["Link"] = text
        return response


async def unknown(request: web.Request) -> web.Response:
    return failure(request.path, UNKNOWN, "Unknown resource")


def value_of(row: dict, path: str) -> str:
    at = row
    for part in path.split("."):
        at = at.get(part, "") if isinstance(at, dict) else ""
    return at if isinstance(at, str) else str(at).lower() if isinstance(at, bool) else str(at)


def filtered(rows: list[dict], text: str, path: str) -> list[dict]:
    """One comparison, or two joined by AND or OR, of fields that there are."""
    parts = re.split(r"\s+(AND|OR)\s+", text)
    terms = [TERM.match(p) for p in parts[::2]]
    if len(terms) > 2 or not all(terms):
        raise host.Refused(failure(path, BAD_FILTER, f"Cannot read filter: {text}"))
    for term in terms:
        if rows and term[1].split(".")[0] not in rows[0]:
            raise host.Refused(failure(path, BAD_FILTER, f"Unknown field: {term[1]}"))
    join = any if "OR" in parts[1::2] else all
    return [r for r in rows if join(COMPARE[t[2]](value_of(r, t[1]), t[3]) for t in terms)]


def listing(name: str, version: str, service: str):
    scope = PURL.format(version=version, name="roster-core" if service == "rostering" else service)

    async def view(request: web.Request) -> web.Response:
        p = request.app[PLATFORM]
        token = request.headers.get("Authorization", "").partition(" ")[2]
        try:
            p.tokens.check(request.headers.get("Authorization", ""))
        except AuthError as error:
            return failure(request.path, UNAUTHORISED, str(error))
        if scope not in p.scopes.get(token, ()):
            return failure(request.path, FORBIDDEN, "The token lacks the scope " + scope)
        if p.throttle and p.throttle.wait(token) is not None:
            return failure(request.path, BUSY, "Too many requests")
        q = request.query
        try:
            limit, offset = int(q.get("limit", 100)), int(q.get("offset", 0))
        except ValueError:
            limit, offset = 0, 0
        if limit < 1 or offset < 0:
            return failure(request.path, BAD_DATA, "limit and offset are whole numbers")
        p.rows.base = f"{request.url.origin()}{request.path.rpartition('/')[0]}"
        rows = getattr(p.rows, name)(version)
        if "filter" in q:
            rows = filtered(rows, q["filter"], request.path)
        elif not p.args.show_deleted:
            rows = [r for r in rows if r["status"] != "tobedeleted"]
        if "sort" in q:
            rows = sorted(rows, key=lambda r: value_of(r, q["sort"]),
                          reverse=q.get("orderBy") == "desc")  # fmt: skip
        at = 0 if "repeat_next" in request["faults"] else offset
        endless = "endless" in request["faults"] and rows
        part = rows[at % len(rows) if endless else at :][:limit]
        if q.get("fields"):
            keep = set(q["fields"].split(","))
            if rows and not keep <= set(rows[0]):
                return failure(request.path, BAD_FIELD, "fields names what there is not")
            part = [{k: v for k, v in r.items() if k in keep} for r in part]
        p.stats.rows += len(part)
        response = host.as_json({name: part})
        if p.args.count:
            response.headers["X-Total-Count"] = str(10**9 if endless else len(rows))
        if p.args.link and (endless or offset + limit < len(rows)):
            query = urlencode({**q, "limit": limit, "offset": offset + limit})
            url = f"{request.url.origin()}{request.path}?{query}"
            response.headers["Link"] = f'<{url}>; rel="next"'
        return response

    return view


def parse(argv=None):
    p = host.parser(__doc__)
    p.add_argument("--version", action="append", default=[], help="v1p1, v1p2; default both")
    p.add_argument("--rate", help="N/PERIOD, e.g. 120/minute; beyond it 429")
    p.add_argument("--expires-in", type=int, default=3600)
    p.add_argument("--no-count", dest="count", action="store_false", help="no X-Total-Count")
    p.add_argument("--no-link", dest="link", action="store_false", help="no Link header")
    p.add_argument("--show-deleted", action="store_true", help="tobedeleted without filter, too")
    args = p.parse_args(argv)
    args.version = args.version or ["v1p1", "v1p2"]
    return args


if __name__ == "__main__":
    host.run(OneRoster, parse())
