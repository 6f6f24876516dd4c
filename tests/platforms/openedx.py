#!/usr/bin/env python3
"""A simulated Open edX platform over a seeded world.

    python tests/platforms/openedx.py --world hagiang --seed 1 --port 0 --port-file F --speed 14400

Serves the REST endpoints that mooc-ingest reads, faithful to the platform's own views, serialisers
and paginators, from the state that the world has at the simulated clock. `/_sim/…` is the control
endpoint, which a real platform does not have (see README.md).
"""

from __future__ import annotations

import argparse
import asyncio
import os
import signal
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from aiohttp import web  # noqa: E402

import world as worlds  # noqa: E402
from platforms import api, base, control  # noqa: E402
from platforms.auth import Client, Throttle, Tokens  # noqa: E402
from platforms.faults import Faults  # noqa: E402
from platforms.rows import Rows  # noqa: E402
from platforms.stats import Stats  # noqa: E402
from world.__main__ import options as world_options  # noqa: E402


class Clock:
    """Simulated time: runs `speed` times as fast as the real one, never past `end`."""

    def __init__(self, start: int, end: int, speed: float):
        self.end = end
        self.speed = speed
        self._base = start
        self._real = time.monotonic()

    def now(self) -> int:
        passed = (time.monotonic() - self._real) * self.speed * 1e6
        return min(self._base + int(passed), max(self.end, self._base))

    def set(self, now: int | None = None, speed: float | None = None) -> None:
        self._base = self.now() if now is None else now
        self._real = time.monotonic()
        if speed is not None:
            self.speed = speed


class Platform:
    """All that the handlers share."""

    def __init__(self, world, args):
        self.world = world
        self.args = args
        self.clock = Clock(world.begins, world.ends, args.speed)
        self.view = worlds.View(world, args.site)
        self.rows = Rows(self.view, args.profile_field)
        self.tokens = Tokens({c.id: c for c in args.clients}, args.expires_in, args.algorithm)
        self.throttles = {name: Throttle(rate) for name, rate in args.rates.items()}
        self.faults = Faults(args.seed)
        self.stats = Stats()
        self.pages: dict = {}
        self.counts: dict = {}

    def catch_up(self) -> None:
        """Brings the view to the simulated now."""
        now = self.clock.now()
        if now < self.view.now:  # the view starts anew: nothing that was cached holds
            self.pages.clear()
            self.counts.clear()
            self.rows = Rows(self.view, self.args.profile_field)
        self.view.advance(now)


def make_app(platform: Platform) -> web.Application:
    app = web.Application(client_max_size=8 * 2**20, middlewares=[base.middleware])
    app[base.PLATFORM] = platform
    api.routes(app)
    control.routes(app)
    return app


def parse(argv=None) -> argparse.Namespace:
    p = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    p.add_argument("--world", choices=("hagiang", "generic"), default="hagiang")
    p.add_argument("--seed", type=int, default=1)
    p.add_argument(
        "--set",
        action="append",
        default=[],
        metavar="KEY=VALUE",
        help="option of the world, e.g. --set learners=1000",
    )
    p.add_argument("--site", type=int, default=0, metavar="N",
                   help="which platform of a world that has several (--set second=…)")  # fmt: skip
    p.add_argument("--profile-field", metavar="NAME",
                   help="field of the site's registration form that holds the unit")  # fmt: skip
    p.add_argument("--host", default="127.0.0.1")
    p.add_argument("--port", type=int, default=0, help="0: a free one")
    p.add_argument(
        "--port-file", type=Path, help="the port is written here once the server listens"
    )
    p.add_argument(
        "--speed", type=float, default=0, help="simulated seconds per second; 0 stands still"
    )
    p.add_argument("--start", default="begin", help="begin, end or an ISO time")
    p.add_argument(
        "--client",
        action="append",
        default=[],
        metavar="ID:SECRET[:learner]",
        help="OAuth client; 'learner' makes it one without staff rights",
    )
    p.add_argument("--client-secret-file", type=Path, help="secret of the client mooc-pulse")
    p.add_argument("--expires-in", type=int, default=3600, help="seconds a token is valid")
    p.add_argument(
        "--algorithm",
        choices=("HS256", "RS512"),
        default="HS256",
        help="RS512 needs the package cryptography",
    )
    p.add_argument(
        "--rate",
        action="append",
        default=[],
        metavar="SCOPE=N/PERIOD",
        help="scopes: enrollment (real: 120/minute for staff), courses (40/minute), user (all "
        "else; the platform sets none), token; default: no limit",
    )
    p.add_argument(
        "--retry-after",
        choices=("new", "old"),
        default="new",
        help="old: releases whose enrollment and grades views drop the Retry-After header",
    )
    p.add_argument(
        "--enrollment-pages",
        choices=("cursor", "fixed", "number"),
        default="cursor",
        help="cursor: page_size up to 100; fixed: older, always 100; number: newest releases",
    )
    p.add_argument(
        "--count-ttl", type=float, default=3600, help="seconds the gradebook caches its counts"
    )
    p.add_argument(
        "--no-gradebook", action="store_true", help="writable gradebook not enabled: 403"
    )
    p.add_argument(
        "--no-search-emails", action="store_true", help="platform without that endpoint: 404"
    )
    p.add_argument("--sim-date", action="store_true", help="Date header shows the simulated clock")
    args = p.parse_args(argv)
    secret = (
        args.client_secret_file.read_text().strip() if args.client_secret_file else "sim-secret"
    )
    args.clients = [Client("mooc-pulse", secret, "mooc_pulse_worker")]
    for spec in args.client:
        name, _, rest = spec.partition(":")
        secret, _, kind = rest.partition(":")
        args.clients.append(Client(name, secret, f"{name}_worker", kind != "learner"))
    args.rates = dict(r.split("=", 1) for r in args.rate)
    return args


async def serve(args) -> None:
    world = worlds.load(args.world, args.seed, **world_options(args.set))
    platform = Platform(world, args)
    platform.clock.set(control.moment(platform, args.start))
    runner = web.AppRunner(make_app(platform), access_log=None, handle_signals=False)
    await runner.setup()
    site = web.TCPSite(runner, args.host, args.port, shutdown_timeout=1)
    await site.start()
    port = runner.addresses[0][1]
    platform.clock.set(control.moment(platform, args.start))
    if args.port_file:
        temporary = args.port_file.with_name(args.port_file.name + ".new")
        temporary.write_text(f"{port}\n")
        os.replace(temporary, args.port_file)
    print(
        f"open edx simulator: http://{args.host}:{port} world {world.name} seed {world.seed}",
        flush=True,
    )
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    await stop.wait()
    await runner.cleanup()


if __name__ == "__main__":
    asyncio.run(serve(parse()))
