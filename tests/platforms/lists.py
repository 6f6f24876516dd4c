"""Courses and enrolments."""

from __future__ import annotations

from urllib.parse import urlencode

from aiohttp import web

from . import drf
from .base import (
    COURSE_KEY,
    PLATFORM,
    ApiError,
    base,
    link,
    need_staff,
    whole,
    page_of,
    respond,
    version,
)
from .rows import dumps, iso


async def courses(request: web.Request) -> web.Response:
    platform = request.app[PLATFORM]
    everything = platform.world.courses
    size = min(whole(request.query.get("page_size"), 10), 100)
    page = whole(request.query.get("page"), 1)
    pages = max(1, -(-len(everything) // size))
    if not 1 <= page <= pages:
        raise ApiError(404, "Invalid page.")
    rows = []
    for c in everything[(page - 1) * size : page * size]:
        rows.append(
            {
                "blocks_url": f"{base(request)}/api/courses/v2/blocks/?"
                + urlencode({"course_id": c.id}),
                "effort": None,
                "end": iso(c.end),
                "enrollment_start": None,
                "enrollment_end": None,
                "id": c.id,
                "media": {"course_image": {"uri": f"/asset/{c.number}.jpg"}},
                "name": c.name,
                "number": c.number,
                "org": c.org,
                "short_description": "",
                "start": iso(c.start),
                "start_display": None,
                "start_type": "timestamp",
                "pacing": "instructor",
                "mobile_available": False,
                "hidden": False,
                "invitation_only": False,
                "course_id": c.id,
            }
        )
    return respond(
        {
            "results": rows,
            "pagination": {
                "next": link(request, page=page + 1) if page < pages else None,
                "previous": link(request, page=page - 1) if page > 1 else None,
                "count": len(everything),
                "num_pages": pages,
            },
        }
    )


async def enrollments(request: web.Request) -> web.Response:
    need_staff(request)
    platform = request.app[PLATFORM]
    q = request.query
    rows = platform.rows
    wanted: tuple[int, ...] | None = None
    asked = [c for name in ("course_key", "course_id") for c in q.getall(name, []) if c][:1]
    asked += [c for c in q.get("course_ids", "").split(",") if c]
    if asked:
        for course in asked:
            if not COURSE_KEY.match(course):
                return respond(
                    {
                        "field_errors": {
                            "course_id": {
                                "developer_message": f"'{course}' is not a valid course id."
                            }
                        }
                    },
                    400,
                )
        wanted = tuple(rows.course_index[c] for c in asked if c in rows.course_index)
        if not wanted:
            return respond({"next": None, "previous": None, "results": []})
    order = None
    for field, table, fold in (
        ("username", platform.view.usernames, str),
        ("email", platform.view.emails, str.casefold),
    ):
        names = [n for n in q.get(field, "").split(",") if n]
        if len(names) > 100:
            return respond(
                {
                    "field_errors": {
                        field: {
                            "developer_message": f"Too many {field}s in a single request - "
                            f"{len(names)}. A maximum of 100 is "
                            "allowed"
                        }
                    }
                },
                400,
            )
        if names:
            platform.stats.asked(names)
            found = [table[fold(n)] for n in names if fold(n) in table]
            order = rows.enrollments_of(found, wanted)
    cache = (version(platform), platform.args.enrollment_pages) if order is None else None
    order = order or rows.enrollments(wanted)
    size = 100
    if platform.args.enrollment_pages != "fixed":
        size = min(whole(q.get("page_size"), 100), 100)
    if platform.args.enrollment_pages == "number":
        return _numbered(request, order, rows.enrollment, size)
    return page_of(request, order, rows.enrollment, size, cache=cache)


def _numbered(request: web.Request, order: drf.Ordered, row, size: int) -> web.Response:
    """The page-number envelope of newer releases. New rows shift the pages while a client walks
    them."""
    count = len(order.items)
    pages = max(1, -(-count // size))
    number = whole(request.query.get("page"), 1)
    if number > pages:
        raise ApiError(404, "Invalid page.")
    part = order.items[(number - 1) * size : number * size]
    request.app[PLATFORM].stats.rows += len(part)
    head = dumps(
        {
            "next": link(request, page=number + 1) if number < pages else None,
            "previous": link(request, page=number - 1) if number > 1 else None,
            "count": count,
            "num_pages": pages,
            "current_page": number,
            "start": (number - 1) * size,
        }
    )
    return respond(head[:-1] + b',"results":[' + b",".join(map(row, part)) + b"]}")
