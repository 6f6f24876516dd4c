"""What a simulated platform needs around its endpoints: clock, faults, counters, control endpoint,
command line. A platform gives routes, and how its lists are spoilt."""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import re
import signal
from pathlib import Path

from aiohttp import web

import world as worlds
from platforms import base, control, faults
from platforms.openedx import Clock
from platforms.stats import Stats
from world.__main__ import options as world_options


class Refused(Exception):
    """An error reply, as the platform words it."""

    def __init__(self, response: web.Response):
        super().__init__(response.status)
        self.response = response


def as_json(value, status: int = 200, headers=None) -> web.Response:
    return base.respond(value, status, headers)


class Host:
    """Base of a platform. `rows` has course_index, hide() and summary() for the control endpoint;
    `tokens` has issued and expire_all()."""

    name = "platform"
    list_keys: tuple[str, ...] = ()

    def __init__(self, world, args):
        self.world, self.args = world, args
        self.clock = Clock(world.begins, world.ends, args.speed)
        self.view = worlds.View(world, args.site)
        self.faults = faults.Faults(args.seed)
        self.stats = Stats()
        self.rows = self.tokens = self

    issued = 0

    def expire_all(self) -> None:
        """Every token issued so far is expired."""

    def catch_up(self) -> None:
        self.view.advance(self.clock.now())

    def routes(self, app: web.Application) -> None:
        raise NotImplementedError

    async def target(self, request: web.Request) -> str:
        """What a fault's `path` is matched against."""
        return request.path_qs

    def secrets(self) -> set[str]:
        return set()

    def template(self, path: str) -> str:
        return path

    def finish(self, request: web.Request, response: web.StreamResponse) -> None:
        """Headers that every reply of the platform carries."""

    def relink(self, request: web.Request, response: web.Response, to) -> web.Response:
        """The reply with its link to the next page changed: to(link or None) -> link or None."""
        raise NotImplementedError

    def _spoil(self, fault, request: web.Request, response: web.Response) -> web.Response:
        o = fault.options
        if fault.kind == "repeat_next":
            return self.relink(request, response, lambda _: str(request.url))
        if fault.kind == "foreign_next":
            host = o.get("host", "evil.example")
            return self.relink(
                request,
                response,
                lambda n: re.sub(r"^https?://[^/]+", f"http://{host}", n or str(request.url)),
            )
        page = json.loads(response.body)
        rows = self.list_of(page)
        if rows is None:
            return response
        raw = {}
        if fault.kind == "empty":
            response = self.relink(request, response, lambda _: None)
            page = json.loads(response.body)
            self.list_of(page).clear()
        elif fault.kind == "duplicate":
            rows += rows[: o.get("rows", 1)]
        elif rows:
            raw = o.get("raw", {})
            marks = {field: f"@raw:{field}@" for field in raw}
            rows[o.get("row", 0) % len(rows)].update(o.get("set", {} if raw else {"id": None}))
            rows[o.get("row", 0) % len(rows)].update(marks)
        body = base.dumps(page)
        for field, text in raw.items():  # what json cannot write, such as 1e999
            body = body.replace(f'"@raw:{field}@"'.encode(), str(text).encode())
        response.body = body
        return response

    def list_of(self, page) -> list | None:
        """The list of records in a decoded reply, None where it has none."""
        key = next((k for k in self.list_keys if isinstance(page, dict) and k in page), None)
        rows = page[key] if key else page
        return rows if isinstance(rows, list) else None

    def error200(self, path: str) -> web.Response | None:
        """An error in a reply with status 200, in the platform's own form; None: it has none."""

    async def answer(self, request: web.Request, handler) -> web.StreamResponse:
        striking = self.faults.striking(await self.target(request))
        request["faults"] = {f.kind for f in striking}
        for fault in striking:
            if fault.kind == "expire_token":
                self.expire_all()
            elif fault.kind == "insert":
                course = fault.options.get("course", self.world.courses[0].id)
                self.catch_up()
                self.view.inject(self.course_index[course], int(fault.options.get("n", 3)))
            ready = self.error200(request.path) if fault.kind == "error200" else None
            ready = ready or faults.reply_before(fault, request.path)
            if ready is not None:
                return ready
        try:
            self.catch_up()
            response = await handler(request)
        except Refused as error:
            response = error.response
        self.finish(request, response)
        for fault in striking:
            if fault.kind in ("repeat_next", "foreign_next", "empty", "bad_row", "duplicate"):
                if response.status == 200:
                    response = self._spoil(fault, request, response)
        for fault in striking:
            if fault.kind in ("delay", "hang", "slow", "reset", "truncate"):
                return await faults.deliver(fault, request, response)
        return response


@web.middleware
async def middleware(request: web.Request, handler) -> web.StreamResponse:
    platform = request.app[base.PLATFORM]
    if request.path.startswith("/_sim/"):
        return await handler(request)
    platform.stats.enter()
    platform.stats.url(request.query, platform.secrets())
    status, size = 499, 0
    try:
        response = await platform.answer(request, handler)
        status, size = response.status, response.content_length or 0
        if not response.prepared:
            response.headers["Date"] = base._date(platform)
            response.headers["Server"] = "nginx"
        return response
    except web.HTTPException as error:
        status = error.status
        raise
    finally:
        platform.stats.leave(platform.template(request.path), status, size)


def parser(doc: str) -> argparse.ArgumentParser:
    p = argparse.ArgumentParser(
        description=doc, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    p.add_argument("--world", choices=worlds.NAMES, default="hagiang")
    p.add_argument("--seed", type=int, default=1)
    p.add_argument("--set", action="append", default=[], metavar="KEY=VALUE")
    p.add_argument("--site", type=int, default=0, metavar="N",
                   help="which platform of a world that has several (--set second=…)")  # fmt: skip
    p.add_argument("--host", default="127.0.0.1")
    p.add_argument("--port", type=int, default=0, help="0: a free one")
    p.add_argument("--port-file", type=Path, help="the port is written here once it listens")
    p.add_argument("--speed", type=float, default=0, help="simulated seconds per second")
    p.add_argument("--start", default="begin", help="begin, end or an ISO time")
    p.add_argument("--sim-date", action="store_true", help="Date header shows the simulated clock")
    return p


async def _serve(kind, args) -> None:
    world = worlds.load(args.world, args.seed, **world_options(args.set))
    platform = kind(world, args)
    app = web.Application(client_max_size=8 * 2**20, middlewares=[middleware])
    app[base.PLATFORM] = platform
    platform.routes(app)
    control.routes(app)
    runner = web.AppRunner(app, access_log=None, handle_signals=False)
    await runner.setup()
    await web.TCPSite(runner, args.host, args.port, shutdown_timeout=1).start()
    port = runner.addresses[0][1]
    platform.clock.set(control.moment(platform, args.start))
    if args.port_file:
        temporary = args.port_file.with_name(args.port_file.name + ".new")
        temporary.write_text(f"{port}\n")
        os.replace(temporary, args.port_file)
    print(f"{kind.name} simulator: http://{args.host}:{port} world {world.name}", flush=True)
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    await stop.wait()
    await runner.cleanup()


def run(kind, args) -> None:
    asyncio.run(_serve(kind, args))
