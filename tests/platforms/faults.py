"""Faults that the control endpoint switches on: how a reply goes wrong, and when."""

from __future__ import annotations

import asyncio
import gzip
import json
import random
import re
from dataclasses import dataclass, field

from aiohttp import web

REPLY = (
    "status",
    "delay",
    "hang",
    "slow",
    "reset",
    "truncate",
    "html",
    "error200",
    "repeat_next",
    "foreign_next",
    "oversize",
    "deep",
    "forbid",
    "empty",
    "bad_row",
    "insert",
    "expire_token",
    "gzip_bomb",
    "endless",
    "duplicate",
)
STANDING = ("vanish", "skew")

LOGIN_PAGE = (
    "<!DOCTYPE html><html><head><title>Sign in or Register</title></head>"
    "<body><h1>Hệ thống đang bảo trì</h1></body></html>"
)


@dataclass
class Fault:
    """One switch. It hits requests whose path (with query) matches `path`, after letting `after` of
    them pass, with `probability`, at most `count` times (None: until cleared)."""

    id: int
    kind: str
    path: str = ""
    count: int | None = None
    after: int = 0
    probability: float = 1.0
    options: dict = field(default_factory=dict)
    hits: int = 0
    seen: int = 0

    def strikes(self, path: str, rng: random.Random) -> bool:
        if self.kind in STANDING or (self.count is not None and self.hits >= self.count):
            return False
        if not re.search(self.path, path):
            return False
        self.seen += 1
        if self.seen <= self.after or rng.random() >= self.probability:
            return False
        self.hits += 1
        return True

    def shown(self) -> dict:
        return {
            "id": self.id,
            "kind": self.kind,
            "path": self.path,
            "count": self.count,
            "after": self.after,
            "probability": self.probability,
            "hits": self.hits,
            **self.options,
        }


class Faults:
    def __init__(self, seed: int):
        self._rng = random.Random(f"faults/{seed}")
        self._list: list[Fault] = []
        self._next = 1

    def add(self, spec: dict) -> Fault:
        spec = dict(spec)
        kind = spec.pop("kind", "")
        if kind not in REPLY + STANDING:
            raise ValueError(f"unknown fault {kind!r}; there are: {', '.join(REPLY + STANDING)}")
        known = {k: spec.pop(k) for k in ("path", "count", "after", "probability") if k in spec}
        re.compile(known.get("path", ""))
        fault = Fault(self._next, kind, options=spec, **known)
        self._next += 1
        self._list.append(fault)
        return fault

    def clear(self, id: int | None = None) -> None:
        self._list = [f for f in self._list if id is not None and f.id != id]

    def shown(self) -> list[dict]:
        return [f.shown() for f in self._list]

    def striking(self, path: str) -> list[Fault]:
        return [f for f in self._list if f.strikes(path, self._rng)]

    def standing(self, kind: str) -> Fault | None:
        return next((f for f in reversed(self._list) if f.kind == kind), None)


def _relink(body: bytes, change) -> bytes:
    """Changes the next link of a page."""
    page = json.loads(body)
    holder = page.get("pagination", page) if isinstance(page, dict) else {}
    if "next" in holder:
        holder["next"] = change(holder["next"])
    return json.dumps(page, ensure_ascii=False, separators=(",", ":")).encode()


def _bad_row(body: bytes, options: dict) -> bytes:
    page = json.loads(body)
    rows = page["results"] if isinstance(page, dict) and "results" in page else page
    if isinstance(rows, list) and rows:
        row = rows[options.get("row", 0) % len(rows)]
        row.update(options.get("set", {"username": None, "user": None}))
    return json.dumps(page, ensure_ascii=False, separators=(",", ":")).encode()


def reply_before(fault: Fault, path: str) -> web.Response | None:
    """The reply of faults that need no real one."""
    o = fault.options
    if fault.kind == "status":
        status = int(o.get("status", 500))
        headers = {"Retry-After": str(o["retry_after"])} if "retry_after" in o else {}
        body = o.get(
            "body", "<h1>Server Error (500)</h1>" if status >= 500 else '{"detail":"Error."}'
        )
        return web.Response(
            status=status,
            text=body,
            headers=headers,
            content_type="text/html" if body.startswith("<") else "application/json",
        )
    if fault.kind == "html":
        return web.Response(text=LOGIN_PAGE, content_type="text/html")
    if fault.kind == "error200":
        return web.json_response(
            {"developer_message": "An internal error occurred.", "success": False}
        )
    if fault.kind == "forbid":
        return web.json_response(
            {
                "developer_message": "The writable gradebook feature is not enabled for this "
                "course.",
                "error_code": "feature_not_enabled",
            },
            status=403,
        )
    if fault.kind == "deep":
        depth = int(o.get("depth", 100_000))
        return web.Response(
            body=b'{"next":null,"previous":null,"results":' + b"[" * depth + b"]" * depth + b"}",
            content_type="application/json",
        )
    if fault.kind == "gzip_bomb":  # small on the wire, large once unpacked
        packed = gzip.compress(b'{"results":["' + b"0" * int(o.get("bytes", 64_000_000)) + b'"]}', 1)
        headers = {"Content-Encoding": "gzip"}
        return web.Response(body=packed, headers=headers, content_type="application/json")
    if fault.kind == "oversize":
        size = int(o.get("bytes", 200_000_000))
        return web.Response(
            body=b'{"next":null,"previous":null,"results":[{"username":"' + b"x" * size + b'"}]}',
            content_type="application/json",
        )
    return None


def rewrite(fault: Fault, body: bytes, url: str) -> bytes:
    """The body as the fault spoils it."""
    if fault.kind == "repeat_next":
        return _relink(body, lambda _: url)
    if fault.kind == "foreign_next":
        other = fault.options.get("host", "evil.example")
        return _relink(
            body, lambda link: re.sub(r"^(https?://)[^/]+", rf"\g<1>{other}", link or url)
        )
    if fault.kind == "empty":
        page = json.loads(body)
        page = [] if isinstance(page, list) else {**page, "results": []}
        return _relink(json.dumps(page).encode(), lambda _: None) if page else b"[]"
    if fault.kind == "bad_row":
        return _bad_row(body, fault.options)
    return body


def _headers(response: web.Response) -> dict:
    """Those of the reply that stay true when its body is cut; a Link may be among them."""
    return {k: v for k, v in response.headers.items() if k != "Content-Length"}


async def deliver(fault: Fault, request: web.Request, response: web.Response) -> web.StreamResponse:
    """Sends the reply in the way the fault wants: slowly, cut, or not at all."""
    body = response.body or b""
    if fault.kind == "hang":
        await asyncio.sleep(float(fault.options.get("seconds", 3600)))
        return response
    if fault.kind == "delay":
        await asyncio.sleep(float(fault.options.get("seconds", 1)))
        return response
    if fault.kind == "truncate":  # valid HTTP, broken JSON
        cut = max(1, int(len(body) * float(fault.options.get("share", 0.6))))
        return web.Response(status=response.status, body=body[:cut], headers=_headers(response))
    stream = web.StreamResponse(status=response.status, headers=_headers(response))
    stream.content_length = len(body)
    if fault.kind == "slow":
        await stream.prepare(request)
        rate = max(1, int(fault.options.get("bytes_per_second", 200)))
        step = max(1, rate // 10)
        for at in range(0, len(body), step):
            await stream.write(body[at : at + step])
            await asyncio.sleep(step / rate)
        await stream.write_eof()
        return stream
    # reset: half of the body, then the connection breaks
    await stream.prepare(request)
    await stream.write(body[: max(1, len(body) // 2)])
    await asyncio.sleep(0.02)
    if request.transport is not None:
        request.transport.abort()
    return stream
