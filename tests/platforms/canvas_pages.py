"""Pages of the simulated Canvas: links in a header, bookmarks or numbers."""

from __future__ import annotations

import base64
import json
from urllib.parse import urlencode

from aiohttp import web

from . import host
from .base import PLATFORM, base

NOT_IN_LINKS = ("page", "per_page", "access_token", "api_key")


def refuse(status: int, message: str, headers=None) -> host.Refused:
    return host.Refused(host.as_json({"errors": [{"message": message}]}, status, headers))


def per_page(request: web.Request) -> int:
    text = request.query.get("per_page", "10")
    return min(max(int(text) if text.lstrip("-").isdigit() else 1, 1), 100)


def _links(request: web.Request, size: int, pages: dict) -> dict:
    query = [(k, v) for k, v in request.query.items() if k not in NOT_IN_LINKS]
    url = f"{base(request)}{request.path}?{urlencode(query)}{'&' if query else ''}"
    text = ",".join(
        f'<{url}page={page}&per_page={size}>; rel="{rel}"' for rel, page in pages.items() if page
    )
    return {"Link": text}


def paged(
    request: web.Request, items: list, key, show, wrap=None, counted: bool = True
) -> web.Response:
    """One page of `items`, which are in the order of `key`. Bookmarks go on after the last row's
    key, numbers after so many rows: rows that move are then missed or come twice. Lists that are
    not `counted` have no last link."""
    canvas, size = request.app[PLATFORM], per_page(request)
    page = request.query.get("page", "1")
    by_number = key is None or canvas.args.pages == "number"
    if by_number:
        number = int(page) if page.isdigit() and int(page) > 0 else 1
        last = max(1, -(-len(items) // size))
        part = items[(number - 1) * size : number * size]
        pages = {"current": number, "next": number + 1 if number < last else None,
                 "prev": number - 1 if number > 1 else None, "first": 1,
                 "last": last if counted else None}  # fmt: skip
    else:
        after = None
        if page not in ("1", "first"):
            try:
                after = json.loads(base64.urlsafe_b64decode(page.removeprefix("bookmark:")))
            except ValueError:
                raise refuse(404, "The specified resource does not exist.") from None
        rest = [i for i in items if after is None or list(key(i)) > after]
        part = rest[:size]
        mark = None
        if len(rest) > size:
            text = json.dumps(list(key(part[-1]))).encode()
            mark = "bookmark:" + base64.urlsafe_b64encode(text).decode()
        pages = {"current": page if after else "first", "next": mark, "first": "first"}
    canvas.stats.rows += len(part)
    rows = [show(i) for i in part]
    return host.as_json({wrap: rows} if wrap else rows, headers=_links(request, size, pages))


def several(request: web.Request, name: str) -> list[str]:
    return request.query.getall(name + "[]", []) + request.query.getall(name, [])
