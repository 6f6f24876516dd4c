"""Course grades and the gradebook: active enrolments only."""

from __future__ import annotations

import time

from aiohttp import web

from . import drf
from .base import PLATFORM, ApiError, need_staff, whole, page_of, respond, version


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
        raise ApiError(
            404, "The user matching the requested username does not exist.", "user_does_not_exist"
        )
    for i in view.by_account.get(account, ()):
        if view.enrollments[i].course == course and view.shown[i] is not None:
            return i
    raise ApiError(
        404,
        "The user matching the requested username is not enrolled in this course",
        "user_not_enrolled",
    )


def _size(request: web.Request) -> int:
    """page_size of grades and gradebook: 50, no maximum."""
    return whole(request.query.get("page_size"), 50)


async def grades(request: web.Request) -> web.Response:
    need_staff(request)
    platform = request.app[PLATFORM]
    course = _course(request, "Requested grade for unknown course")
    rows = platform.rows
    if request.query.get("username"):
        return respond(b"[" + rows.grade(_one(request, course)) + b"]")
    return page_of(
        request, rows.active(course), rows.grade, _size(request), cache=version(platform)
    )


async def gradebook(request: web.Request) -> web.Response:
    platform = request.app[PLATFORM]
    course = _course(request, "Requested grade for unknown course")
    if platform.args.no_gradebook:
        raise ApiError(
            403,
            "The writable gradebook feature is not enabled for this course.",
            "feature_not_enabled",
        )
    if not request["client"].staff:
        raise ApiError(
            403, "The requesting user does not have course author permissions.", "user_permissions"
        )
    rows, view, q = platform.rows, platform.view, request.query
    if q.get("username"):
        return respond(rows.book(_one(request, course)))
    order = rows.active(course)
    filters = {
        k: q[k]
        for k in (
            "user_contains",
            "username_contains",
            "course_grade_min",
            "course_grade_max",
            "enrollment_mode",
        )
        if q.get(k)
    }
    if filters:
        order = _filtered(order, view, filters)
    counts = {
        "total_users_count": _count(platform, ("all", course), len(rows.active(course).items)),
        "filtered_users_count": _count(
            platform, (course, *sorted(filters.items())), len(order.items)
        ),
    }
    return page_of(
        request,
        order,
        rows.book,
        _size(request),
        counts,
        None if filters else (version(platform), counts["total_users_count"]),
    )


def _filtered(order: drf.Ordered, view, filters: dict) -> drf.Ordered:
    low = float(filters.get("course_grade_min", 0)) / 100
    high = float(filters.get("course_grade_max", 100)) / 100

    def keep(i: int) -> bool:
        a = view.accounts[view.enrollments[i].account]
        grade = view.grade[i].percent if view.grade[i] else 0.0
        text = filters.get("user_contains", "").casefold()
        return (
            low <= grade <= high
            and filters.get("enrollment_mode", "honor") == "honor"
            and (text in a.username.casefold() or text in a.email.casefold())
            and filters.get("username_contains", "").casefold() in a.username.casefold()
        )

    index = [i for i in order.items if keep(i)]
    return drf.Ordered(index, [view.enrollments[i].id for i in index], str, int)


def _count(platform, key, value: int) -> int:
    """The gradebook's counts are cached: what it says may be an hour old."""
    known = platform.counts.get(key)
    if known is None or time.monotonic() - known[0] > platform.args.count_ttl:
        known = platform.counts[key] = (time.monotonic(), value)
    return known[1]
