"""The REST endpoints of the platform that a reader of enrolments, grades and certificates uses."""

from __future__ import annotations

from aiohttp import web

from . import grades, learners, lists
from .base import PLATFORM, respond


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
    return respond(
        platform.tokens.issue(client, kind),
        headers={"Cache-Control": "no-store", "Pragma": "no-cache"},
    )


def routes(app: web.Application) -> None:
    def get(path: str, handler) -> None:
        app.router.add_get(path.rstrip("/"), handler)
        app.router.add_get(path.rstrip("/") + "/", handler)

    for path in ("/oauth2/access_token", "/oauth2/access_token/"):
        app.router.add_post(path, access_token)
    get("/api/courses/v1/courses/", lists.courses)
    get("/api/enrollment/v1/enrollments", lists.enrollments)
    get("/api/grades/v1/courses/", grades.grades)
    get("/api/grades/v1/courses/{course_id}/", grades.grades)
    get("/api/grades/v1/gradebook/{course_id}/", grades.gradebook)
    get("/api/certificates/v0/certificates/{username}/", learners.certificates)
    get("/api/certificates/v0/certificates/{username}/courses/{course_id}/", learners.certificate)
    app.router.add_post("/api/user/v1/accounts/search_emails", learners.search_emails)
    get("/api/user/v1/accounts", learners.accounts)
    get("/api/user/v1/accounts/{username}", learners.account)
