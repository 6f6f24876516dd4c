"""Endpoints about single learners: certificates and accounts. Personal data: staff only."""

from __future__ import annotations

from aiohttp import web

from .base import COURSE_KEY, PLATFORM, ApiError, base, need_staff, respond


async def certificates(request: web.Request) -> web.Response:
    need_staff(request)
    platform = request.app[PLATFORM]
    name = request.match_info["username"]
    platform.stats.asked([name])
    found = [(c.created, i) for i, c in platform.rows.certificates(name) if c.passing]
    return respond([platform.rows.certificate(i, base(request)) for _, i in sorted(found)])


async def certificate(request: web.Request) -> web.Response:
    platform = request.app[PLATFORM]
    name, course = request.match_info["username"], request.match_info["course_id"]
    platform.stats.asked([name])
    if not COURSE_KEY.match(course):
        raise ApiError(404, "", "course_id_not_valid")
    for i, _ in platform.rows.certificates(name):
        row = platform.rows.certificate(i, base(request))
        if row["course_id"] == course:
            return respond(
                {
                    k: row[k]
                    for k in (
                        "username",
                        "course_id",
                        "certificate_type",
                        "created_date",
                        "status",
                        "is_passing",
                        "download_url",
                        "grade",
                    )
                }
            )
    raise ApiError(404, "", "no_certificate_for_user")


async def accounts(request: web.Request) -> web.Response:
    """By usernames: those that exist, 404 if none does. By one e-mail: 404 if unknown. The 404 is
    empty."""
    platform = request.app[PLATFORM]
    view, q = platform.view, request.query
    need_staff(request)
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
    need_staff(request)
    platform = request.app[PLATFORM]
    name = request.match_info["username"]
    platform.stats.asked([name])
    if name not in platform.view.usernames:
        return web.Response(status=404)
    return respond(platform.rows.account(platform.view.usernames[name]))


async def search_emails(request: web.Request) -> web.Response:
    """POST {"emails": […]}: username, email and id of those that have an account."""
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
    return respond(
        [
            {
                "username": view.accounts[i].username,
                "email": view.accounts[i].email,
                "id": view.accounts[i].user_id,
            }
            for i in found
        ]
    )
