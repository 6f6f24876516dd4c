"""How Canvas writes times, names and ids."""

from __future__ import annotations

import re
from datetime import datetime

from world.model import instant, micros

ID_KEY, IDS_KEY = re.compile(r"(^|_)id$"), re.compile(r"(^|_)ids$")


def iso(us: int | None) -> str | None:
    """Canvas shows whole seconds; its database keeps microseconds, and compares them."""
    return None if us is None else instant(us).strftime("%Y-%m-%dT%H:%M:%SZ")


def sortable(name: str) -> str:
    """Last word first, as Canvas splits a name."""
    first, _, last = name.rpartition(" ")
    return f"{last}, {first}" if first else last


def stringify(value):
    """Integers under id, …_id, …_ids as strings (Accept: application/json+canvas-string-ids)."""
    whole = lambda v: str(v) if isinstance(v, int) and not isinstance(v, bool) else v  # noqa: E731
    if isinstance(value, list):
        return [stringify(v) for v in value]
    if not isinstance(value, dict):
        return value
    out = {}
    for key, v in value.items():
        if ID_KEY.search(key):
            out[key] = whole(v)
        elif IDS_KEY.search(key) and isinstance(v, list):
            out[key] = [whole(x) for x in v]
        else:
            out[key] = stringify(v)
    return out


def since(text: str) -> int | None:
    """A time of submitted_since or graded_since; None if it is none."""
    if not re.match(r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:?\d\d)$", text):
        return None
    try:
        return micros(datetime.fromisoformat(text))
    except ValueError:
        return None
