"""What all endpoints share: errors, tokens and limits before a view, faults after it, links, pages.

Errors differ by view, as on the platform: the enrollment, grades and course views answer with
`developer_message`, the others with `detail`.
"""

from __future__ import annotations

import re
import time
from email.utils import formatdate
from urllib.parse import quote, urlencode

from aiohttp import web

from . import drf, faults
from .auth import AuthError
from .rows import dumps

PLATFORM = web.AppKey("platform", object)
COURSE_KEY = re.compile(r"^course-v1:[^/@ +]+\+[^/@ +]+\+[^/@ +]+$|^[^/+ ]+/[^/+ ]+/[^/+ ]+$")
DEVELOPER = ("/api/enrollment/", "/api/grades/", "/api/courses/")
PAGE_CACHE = 4096


class ApiError(Exception):
    def __init__(self, status: int, message: str, code: str | None = None, headers=None):
        super().__init__(message)
        self.status, self.message, self.code, self.headers = status, message, code, headers or {}


def respond(value, status: int = 200, headers=None) -> web.Response:
    body = value if isinstance(value, bytes) else dumps(value)
    return web.Response(status=status, body=body, content_type="application/json", headers=headers)


def error_response(path: str, error: ApiError, retry_after: str) -> web.Response:
    headers = dict(error.headers)
    if path.startswith(DEVELOPER):
        body = {"developer_message": error.message}
        if error.code:
            body["error_code"] = error.code
        headers.pop("WWW-Authenticate", None)
        if retry_after == "old":
            headers.pop("Retry-After", None)
    elif error.code:
        body = {"error_code": error.code}
    else:
        body = {"detail": error.message}
    return respond(body, error.status, headers)


def scope_of(path: str) -> str:
    if path.startswith("/api/enrollment/"):
        return "enrollment"
    if path.startswith("/api/courses/"):
        return "courses"
    return "token" if path.startswith("/oauth2/") else "user"


def template(path: str) -> str:
    """The path without course ids and usernames, as counters name it."""
    path = re.sub(
        r"/certificates/v0/certificates/[^/]+(/courses/[^/]+)?",
        lambda m: "/certificates/v0/certificates/{username}"
        + ("/courses/{course_id}" if m[1] else ""),
        path,
    )
    path = (
        re.sub(r"/v1/(courses|gradebook)/[^/]+", r"/v1/\1/{course_id}", path)
        if "/grades/" in path
        else path
    )
    return re.sub(r"/accounts/(?!search_emails)[^/]+", "/accounts/{username}", path).rstrip("/")


@web.middleware
async def middleware(request: web.Request, handler) -> web.StreamResponse:
    platform = request.app[PLATFORM]
    if request.path.startswith("/_sim/"):
        return await handler(request)
    platform.stats.enter()
    status, size = 499, 0
    try:
        response = await _answer(platform, request, handler)
        status, size = response.status, response.content_length or 0
        if not response.prepared:
            response.headers["Date"] = _date(platform)
            response.headers["Server"] = "nginx"
        return response
    except web.HTTPException as error:
        status = error.status
        raise
    finally:
        platform.stats.leave(template(request.path), status, size)


def _date(platform) -> str:
    skew = platform.faults.standing("skew")
    seconds = platform.clock.now() / 1e6 if platform.args.sim_date else time.time()
    return formatdate(seconds + (float(skew.options.get("seconds", 0)) if skew else 0), usegmt=True)


async def _answer(platform, request: web.Request, handler) -> web.StreamResponse:
    striking = platform.faults.striking(request.path_qs)
    for fault in striking:
        if fault.kind == "expire_token":
            platform.tokens.expire_all()
        elif fault.kind == "insert":
            course = fault.options.get("course", platform.world.courses[0].id)
            platform.catch_up()
            platform.view.inject(platform.rows.course_index[course], int(fault.options.get("n", 3)))
        ready = faults.reply_before(fault, request.path)
        if ready is not None:
            return ready
    try:
        response = await _authorised(platform, request, handler)
    except ApiError as error:
        response = error_response(request.path, error, platform.args.retry_after)
    if response.status == 200 and isinstance(response, web.Response):
        for fault in striking:
            if fault.kind in ("repeat_next", "foreign_next", "empty", "bad_row"):
                response = respond(faults.rewrite(fault, response.body, str(request.url)))
    for fault in striking:
        if fault.kind in ("delay", "hang", "slow", "reset", "truncate"):
            return await faults.deliver(fault, request, response)
    return response


async def _authorised(platform, request: web.Request, handler) -> web.StreamResponse:
    if request.path.startswith("/api/"):
        try:
            client = platform.tokens.check(request.headers.get("Authorization", ""))
        except AuthError as error:
            raise ApiError(
                401, str(error), headers={"WWW-Authenticate": 'JWT realm="api"'}
            ) from error
        request["client"] = client
        throttle = platform.throttles.get(scope_of(request.path))
        wait = throttle.wait(client.username) if throttle else None
        if wait is not None:
            unit = "second" if wait == 1 else "seconds"
            raise ApiError(
                429,
                f"Request was throttled. Expected available in {wait} {unit}.",
                headers={"Retry-After": str(wait)},
            )
        platform.catch_up()
    return await handler(request)


def need_staff(request: web.Request) -> None:
    if not request["client"].staff:
        raise ApiError(403, "You do not have permission to perform this action.")


def base(request: web.Request) -> str:
    return f"{request.url.scheme}://{request.host}"


def link(request: web.Request, **changes) -> str:
    """The request's own URL with query parameters replaced (None takes one away)."""
    query = [(k, v) for k, v in request.query.items() if k not in changes]
    query += [(k, str(v)) for k, v in changes.items() if v is not None]
    path = quote(request.path, safe="/:@&+$,-_.!~*'()")  # Django leaves a course key readable
    return f"{base(request)}{path}?{urlencode(sorted(query))}"


def whole(text: str | None, default: int) -> int:
    return int(text) if text and text.isdigit() and int(text) > 0 else default


def page_of(
    request: web.Request,
    order: drf.Ordered,
    row,
    size: int,
    extra: dict | None = None,
    cache: tuple | None = None,
) -> web.Response:
    """One page in the cursor envelope. `cache` is the version under which the whole body may be
    kept."""
    platform = request.app[PLATFORM]
    key = (str(request.url), request.host)
    if cache is not None:
        known = platform.pages.get(key)
        if known is not None and known[0] == cache:
            platform.stats.rows += known[2]
            return respond(known[1])
    try:
        page = order.page(drf.decode(request.query.get("cursor")), size)
    except drf.InvalidCursor as error:
        raise ApiError(404, "Invalid cursor") from error
    links = {"next": page.next, "previous": page.previous}
    head = dumps({k: link(request, cursor=drf.encode(c)) if c else None for k, c in links.items()})
    body = head[:-1] + b',"results":[' + b",".join(map(row, page.items)) + b"]"
    for name, value in (extra or {}).items():
        body += b"," + dumps({name: value})[1:-1]
    body += b"}"
    platform.stats.rows += len(page.items)
    if cache is not None:
        if len(platform.pages) >= PAGE_CACHE:
            platform.pages.clear()
        platform.pages[key] = (cache, body, len(page.items))
    return respond(body)


def version(platform) -> tuple:
    """Rises with every change of what is shown."""
    return platform.view._next, len(platform.view.accounts), platform.rows.hidden_version
