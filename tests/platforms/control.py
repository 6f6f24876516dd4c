"""The control endpoint `/_sim/…`: clock, faults, counters, truth. Real platforms have none."""

from __future__ import annotations

import random
from datetime import datetime

from aiohttp import web

from world.model import micros

from .base import PLATFORM
from .rows import iso


def moment(platform, text) -> int:
    """begin, end, an ISO time (local where it has no zone) or microseconds."""
    if text == "begin":
        return platform.world.begins
    if text == "end":
        return platform.world.ends
    if isinstance(text, int) or str(text).isdigit():
        return int(text)
    return micros(datetime.fromisoformat(str(text)))


def _clock(platform) -> dict:
    c = platform.clock
    now = c.now()
    left = max(0, c.end - now) / 1e6
    return {
        "now": iso(now),
        "micros": now,
        "speed": c.speed,
        "begins": iso(platform.world.begins),
        "ends": iso(platform.world.ends),
        "finished": now >= c.end,
        "seconds_left": round(left / c.speed, 3) if c.speed else None,
    }


async def get_clock(request: web.Request) -> web.Response:
    return web.json_response(_clock(request.app[PLATFORM]))


async def set_clock(request: web.Request) -> web.Response:
    """{"now": "begin"|"end"|ISO|µs, "advance": seconds, "speed": x}, each optional."""
    platform = request.app[PLATFORM]
    body = await request.json()
    try:
        now = moment(platform, body["now"]) if "now" in body else platform.clock.now()
    except ValueError as error:
        return web.json_response({"error": str(error)}, status=400)
    now += int(float(body.get("advance", 0)) * 1e6)
    platform.clock.set(now, float(body["speed"]) if "speed" in body else None)
    platform.catch_up()
    return web.json_response(_clock(platform))


async def get_faults(request: web.Request) -> web.Response:
    return web.json_response(request.app[PLATFORM].faults.shown())


async def add_fault(request: web.Request) -> web.Response:
    platform = request.app[PLATFORM]
    try:
        fault = platform.faults.add(await request.json())
    except (ValueError, TypeError) as error:
        return web.json_response({"error": str(error)}, status=400)
    if fault.kind == "vanish":
        _vanish(platform, fault.options)
    return web.json_response(fault.shown())


def _vanish(platform, options: dict) -> None:
    """Hides a share (default all) of the enrolments of a course (default all courses)."""
    platform.catch_up()
    course = options.get("course")
    wanted = platform.rows.course_index.get(course) if course else None
    index = [
        i
        for i, shown in enumerate(platform.view.shown)
        if shown is not None and (wanted is None or platform.view.enrollments[i].course == wanted)
    ]
    share = float(options.get("share", 1.0))
    platform.rows.hide(random.Random("vanish").sample(index, int(len(index) * share)))


async def clear_faults(request: web.Request) -> web.Response:
    platform = request.app[PLATFORM]
    one = request.match_info.get("id")
    platform.faults.clear(int(one) if one else None)
    if platform.faults.standing("vanish") is None:
        platform.rows.hide(())
    return web.json_response(platform.faults.shown())


async def get_stats(request: web.Request) -> web.Response:
    platform = request.app[PLATFORM]
    return web.json_response({**platform.stats.shown(), "tokens_issued": platform.tokens.issued})


async def reset_stats(request: web.Request) -> web.Response:
    request.app[PLATFORM].stats.reset()
    return web.json_response({})


async def state(request: web.Request) -> web.Response:
    platform = request.app[PLATFORM]
    platform.catch_up()
    return web.json_response({"clock": _clock(platform), **platform.rows.summary()})


async def truth(request: web.Request) -> web.Response:
    """What is true at ?at= (default now): per unit, in all, and of people on no list. &course=
    narrows."""
    platform = request.app[PLATFORM]
    world = platform.world
    at = moment(platform, request.query["at"]) if "at" in request.query else platform.clock.now()
    course = platform.rows.course_index.get(request.query.get("course", ""))
    units = world.truth_at(at, course=course)
    total = {m: sum(row[m] for row in units.values()) for m in next(iter(units.values()))}
    return web.json_response(
        {
            "at": iso(at),
            "units": units,
            "total": total,
            "not_registered": world.not_registered_at(at),
        }
    )


async def inject(request: web.Request) -> web.Response:
    """{"course": id, "count": n}: new sign-ups right now, beyond the world's truth."""
    platform = request.app[PLATFORM]
    body = await request.json()
    platform.catch_up()
    course = platform.rows.course_index[body.get("course", platform.world.courses[0].id)]
    return web.json_response({"usernames": platform.view.inject(course, int(body.get("count", 1)))})


async def expire(request: web.Request) -> web.Response:
    request.app[PLATFORM].tokens.expire_all()
    return web.json_response({})


def routes(app: web.Application) -> None:
    app.router.add_get("/_sim/clock", get_clock)
    app.router.add_post("/_sim/clock", set_clock)
    app.router.add_get("/_sim/faults", get_faults)
    app.router.add_post("/_sim/faults", add_fault)
    app.router.add_delete("/_sim/faults", clear_faults)
    app.router.add_delete(r"/_sim/faults/{id:\d+}", clear_faults)
    app.router.add_get("/_sim/stats", get_stats)
    app.router.add_delete("/_sim/stats", reset_stats)
    app.router.add_get("/_sim/state", state)
    app.router.add_get("/_sim/truth", truth)
    app.router.add_post("/_sim/inject", inject)
    app.router.add_post("/_sim/expire-tokens", expire)
