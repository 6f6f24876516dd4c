"""The REST endpoints of the platform that a reader of enrolments, grades and certificates uses.

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
from .rows import dumps, iso

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
    path = re.sub(r"/certificates/v0/certificates/[^/]+(/courses/[^/]+)?",
                  lambda m: "/certificates/v0/certificates/{username}"
                  + ("/courses/{course_id}" if m[1] else ""), path)
    path = re.sub(r"/v1/(courses|gradebook)/[^/]+", r"/v1/\1/{course_id}", path) \
        if "/grades/" in path else path
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
            raise ApiError(401, str(error), headers={"WWW-Authenticate": 'JWT realm="api"'}) from error
        request["client"] = client
        throttle = platform.throttles.get(scope_of(request.path))
        wait = throttle.wait(client.username) if throttle else None
        if wait is not None:
            unit = "second" if wait == 1 else "seconds"
            raise ApiError(429, f"Request was throttled. Expected available in {wait} {unit}.",
                           headers={"Retry-After": str(wait)})
        platform.catch_up()
    return await handler(request)


def _staff(request: web.Request) -> None:
    if not request["client"].staff:
        raise ApiError(403, "You do not have permission to perform this action.")


def _base(request: web.Request) -> str:
    return f"{request.url.scheme}://{request.host}"


def _with(request: web.Request, **changes) -> str:
    """The request's own URL with query parameters replaced (None takes one away)."""
    query = [(k, v) for k, v in request.query.items() if k not in changes]
    query += [(k, str(v)) for k, v in changes.items() if v is not None]
    path = quote(request.path, safe="/:@&+$,-_.!~*'()")  # Django leaves a course key readable
    return f"{_base(request)}{path}?{urlencode(sorted(query))}"


# ---- tokens

async def access_token(request: web.Request) -> web.Response:
    platform = request.app[PLATFORM]
    throttle = platform.throttles.get("token")
    if throttle and throttle.wait(request.remote or "") is not None:
        return web.Response(status=403, text="<h1>403 Forbidden</h1>", content_type="text/html")
    form = dict(await request.post())
    client = platform.tokens.client_of(request.headers.get("Authorization", ""), form)
    if form.get("grant_type") != "client_credentials":
        return respond({"error": "unsupported_grant_type"}, 400)
    if client is None:
        return respond({"error": "invalid_client"}, 401)
    kind = "jwt" if form.get("token_type", "").lower() == "jwt" else "bearer"
    return respond(platform.tokens.issue(client, kind),
                   headers={"Cache-Control": "no-store", "Pragma": "no-cache"})


# ---- courses

async def courses(request: web.Request) -> web.Response:
    platform = request.app[PLATFORM]
    everything = platform.world.courses
    size = min(_int(request.query.get("page_size"), 10), 100)
    page = _int(request.query.get("page"), 1)
    pages = max(1, -(-len(everything) // size))
    if not 1 <= page <= pages:
        raise ApiError(404, "Invalid page.")
    rows = []
    for c in everything[(page - 1) * size:page * size]:
        rows.append({
            "blocks_url": f"{_base(request)}/api/courses/v2/blocks/?{urlencode({'course_id': c.id})}",
            "effort": None, "end": iso(c.end), "enrollment_start": None, "enrollment_end": None,
            "id": c.id, "media": {"course_image": {"uri": f"/asset/{c.number}.jpg"}}, "name": c.name,
            "number": c.number, "org": c.org, "short_description": "", "start": iso(c.start),
            "start_display": None, "start_type": "timestamp", "pacing": "instructor",
            "mobile_available": False, "hidden": False, "invitation_only": False, "course_id": c.id})
    return respond({"results": rows, "pagination": {
        "next": _with(request, page=page + 1) if page < pages else None,
        "previous": _with(request, page=page - 1) if page > 1 else None,
        "count": len(everything), "num_pages": pages}})


def _int(text: str | None, default: int) -> int:
    return int(text) if text and text.isdigit() and int(text) > 0 else default


# ---- lists

def _page(request: web.Request, order: drf.Ordered, row, size: int, extra: dict | None = None,
          cache: tuple | None = None) -> web.Response:
    """One page in the cursor envelope. `cache` is the version under which the whole body may be kept."""
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
    head = dumps({k: _with(request, cursor=drf.encode(c)) if c else None for k, c in links.items()})
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


def _version(platform) -> tuple:
    """Rises with every change of what is shown."""
    return platform.view._next, len(platform.view.accounts), platform.rows.hidden_version


async def enrollments(request: web.Request) -> web.Response:
    _staff(request)
    platform = request.app[PLATFORM]
    q = request.query
    rows = platform.rows
    wanted: tuple[int, ...] | None = None
    asked = [c for name in ("course_key", "course_id") for c in q.getall(name, []) if c][:1]
    asked += [c for c in q.get("course_ids", "").split(",") if c]
    if asked:
        for course in asked:
            if not COURSE_KEY.match(course):
                return respond({"field_errors": {"course_id": {
                    "developer_message": f"'{course}' is not a valid course id."}}}, 400)
        wanted = tuple(rows.course_index[c] for c in asked if c in rows.course_index)
        if not wanted:
            return respond({"next": None, "previous": None, "results": []})
    order = None
    for field, table, fold in (("username", platform.view.usernames, str),
                               ("email", platform.view.emails, str.casefold)):
        names = [n for n in q.get(field, "").split(",") if n]
        if len(names) > 100:
            return respond({"field_errors": {field: {"developer_message":
                            f"Too many {field}s in a single request - {len(names)}. A maximum of 100 is "
                            "allowed"}}}, 400)
        if names:
            platform.stats.asked(names)
            found = [table[fold(n)] for n in names if fold(n) in table]
            order = rows.enrollments_of(found, wanted)
    cache = (_version(platform), platform.args.enrollment_pages) if order is None else None
    order = order or rows.enrollments(wanted)
    size = 100
    if platform.args.enrollment_pages != "fixed":
        size = min(_int(q.get("page_size"), 100), 100)
    if platform.args.enrollment_pages == "number":
        return _numbered(request, order, rows.enrollment, size)
    return _page(request, order, rows.enrollment, size, cache=cache)


def _numbered(request: web.Request, order: drf.Ordered, row, size: int) -> web.Response:
    """The page-number envelope of newer releases. New rows shift the pages while a client walks them."""
    count = len(order.items)
    pages = max(1, -(-count // size))
    number = _int(request.query.get("page"), 1)
    if number > pages:
        raise ApiError(404, "Invalid page.")
    part = order.items[(number - 1) * size:number * size]
    request.app[PLATFORM].stats.rows += len(part)
    head = dumps({"next": _with(request, page=number + 1) if number < pages else None,
                  "previous": _with(request, page=number - 1) if number > 1 else None,
                  "count": count, "num_pages": pages, "current_page": number,
                  "start": (number - 1) * size})
    return respond(head[:-1] + b',"results":[' + b",".join(map(row, part)) + b"]}")


def _course(request: web.Request, what: str) -> int:
    """The course named in the path (or by ?course_id=)."""
    platform = request.app[PLATFORM]
    name = request.match_info.get("course_id") or request.query.get("course_id", "")
    index = platform.rows.course_index.get(name)
    if index is None:
        raise ApiError(404, f"{what} {name}", "course_does_not_exist")
    return index


def _one(request: web.Request, course: int) -> int:
    """The enrolment of ?username= in the course; an inactive one is served, too."""
    view = request.app[PLATFORM].view
    name = request.query["username"]
    request.app[PLATFORM].stats.asked([name])
    account = view.usernames.get(name)
    if account is None:
        raise ApiError(404, "The user matching the requested username does not exist.",
                       "user_does_not_exist")
    for i in view.by_account.get(account, ()):
        if view.enrollments[i].course == course and view.shown[i] is not None:
            return i
    raise ApiError(404, "The user matching the requested username is not enrolled in this course",
                   "user_not_enrolled")


def _size(request: web.Request) -> int:
    """page_size of grades and gradebook: 50, no maximum."""
    return _int(request.query.get("page_size"), 50)


async def grades(request: web.Request) -> web.Response:
    _staff(request)
    platform = request.app[PLATFORM]
    course = _course(request, "Requested grade for unknown course")
    rows = platform.rows
    if request.query.get("username"):
        return respond(b"[" + rows.grade(_one(request, course)) + b"]")
    return _page(request, rows.active(course), rows.grade, _size(request), cache=_version(platform))


async def gradebook(request: web.Request) -> web.Response:
    platform = request.app[PLATFORM]
    course = _course(request, "Requested grade for unknown course")
    if platform.args.no_gradebook:
        raise ApiError(403, "The writable gradebook feature is not enabled for this course.",
                       "feature_not_enabled")
    if not request["client"].staff:
        raise ApiError(403, "The requesting user does not have course author permissions.",
                       "user_permissions")
    rows, view, q = platform.rows, platform.view, request.query
    if q.get("username"):
        return respond(rows.book(_one(request, course)))
    order = rows.active(course)
    filters = {k: q[k] for k in ("user_contains", "username_contains", "course_grade_min",
                                 "course_grade_max", "enrollment_mode") if q.get(k)}
    if filters:
        order = _filtered(order, view, filters)
    counts = {"total_users_count": _count(platform, ("all", course), len(rows.active(course).items)),
              "filtered_users_count": _count(platform, (course, *sorted(filters.items())),
                                             len(order.items))}
    return _page(request, order, rows.book, _size(request), counts,
                 None if filters else (_version(platform), counts["total_users_count"]))


def _filtered(order: drf.Ordered, view, filters: dict) -> drf.Ordered:
    low = float(filters.get("course_grade_min", 0)) / 100
    high = float(filters.get("course_grade_max", 100)) / 100

    def keep(i: int) -> bool:
        a = view.accounts[view.enrollments[i].account]
        grade = view.grade[i].percent if view.grade[i] else 0.0
        text = filters.get("user_contains", "").casefold()
        return (low <= grade <= high and filters.get("enrollment_mode", "honor") == "honor"
                and (text in a.username.casefold() or text in a.email.casefold())
                and filters.get("username_contains", "").casefold() in a.username.casefold())

    index = [i for i in order.items if keep(i)]
    return drf.Ordered(index, [view.enrollments[i].id for i in index], str, int)


def _count(platform, key, value: int) -> int:
    """The gradebook's counts are cached: what it says may be an hour old."""
    known = platform.counts.get(key)
    if known is None or time.monotonic() - known[0] > platform.args.count_ttl:
        known = platform.counts[key] = (time.monotonic(), value)
    return known[1]


# ---- single learners

async def certificates(request: web.Request) -> web.Response:
    _staff(request)
    platform = request.app[PLATFORM]
    name = request.match_info["username"]
    platform.stats.asked([name])
    found = [(c.created, i) for i, c in platform.rows.certificates(name) if c.passing]
    return respond([platform.rows.certificate(i, _base(request)) for _, i in sorted(found)])


async def certificate(request: web.Request) -> web.Response:
    platform = request.app[PLATFORM]
    name, course = request.match_info["username"], request.match_info["course_id"]
    platform.stats.asked([name])
    if not COURSE_KEY.match(course):
        raise ApiError(404, "", "course_id_not_valid")
    for i, _ in platform.rows.certificates(name):
        row = platform.rows.certificate(i, _base(request))
        if row["course_id"] == course:
            return respond({k: row[k] for k in ("username", "course_id", "certificate_type",
                                                "created_date", "status", "is_passing", "download_url",
                                                "grade")})
    raise ApiError(404, "", "no_certificate_for_user")


async def accounts(request: web.Request) -> web.Response:
    """By usernames: those that exist, 404 if none does. By one e-mail: 404 if unknown. The 404 is empty."""
    platform = request.app[PLATFORM]
    view, q = platform.view, request.query
    _staff(request)
    found: list[int] = []
    if q.get("username"):
        names = q["username"].strip(",").split(",")
        platform.stats.asked(names)
        found = sorted({view.usernames[n] for n in names if n in view.usernames})
    elif q.get("email"):
        platform.stats.asked([q["email"]])
        found = [view.emails[q["email"].casefold()]] if q["email"].casefold() in view.emails else []
    if not found:
        return web.Response(status=404)
    return respond([platform.rows.account(i) for i in found])


async def account(request: web.Request) -> web.Response:
    _staff(request)
    platform = request.app[PLATFORM]
    name = request.match_info["username"]
    platform.stats.asked([name])
    if name not in platform.view.usernames:
        return web.Response(status=404)
    return respond(platform.rows.account(platform.view.usernames[name]))


async def search_emails(request: web.Request) -> web.Response:
    """POST {"emails": […]}: username, email and id of those that have an account, for staff only."""
    platform = request.app[PLATFORM]
    if platform.args.no_search_emails or not request["client"].staff:
        return respond({"developer_message": "not_found", "user_message": "Not Found"}, 404)
    try:
        body = await request.json()
        emails = body["emails"]
    except KeyError:
        message = "'emails' field is required"
        return respond({"developer_message": message, "user_message": message}, 400)
    except (ValueError, TypeError):
        return respond({"detail": "JSON parse error"}, 400)
    view = platform.view
    platform.stats.asked(emails)
    found = sorted({view.emails[e.casefold()] for e in emails if e.casefold() in view.emails})
    return respond([{"username": view.accounts[i].username, "email": view.accounts[i].email,
                     "id": view.accounts[i].user_id} for i in found])


def routes(app: web.Application) -> None:
    def get(path: str, handler) -> None:
        app.router.add_get(path.rstrip("/"), handler)
        app.router.add_get(path.rstrip("/") + "/", handler)

    for path in ("/oauth2/access_token", "/oauth2/access_token/"):
        app.router.add_post(path, access_token)
    get("/api/courses/v1/courses/", courses)
    get("/api/enrollment/v1/enrollments", enrollments)
    get("/api/grades/v1/courses/", grades)
    get("/api/grades/v1/courses/{course_id}/", grades)
    get("/api/grades/v1/gradebook/{course_id}/", gradebook)
    get("/api/certificates/v0/certificates/{username}/", certificates)
    get("/api/certificates/v0/certificates/{username}/courses/{course_id}/", certificate)
    app.router.add_post("/api/user/v1/accounts/search_emails", search_emails)
    get("/api/user/v1/accounts", accounts)
    get("/api/user/v1/accounts/{username}", account)
