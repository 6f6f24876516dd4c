"""The LRS's store of statements: what is seen at a moment, and queries over it. Pure: no I/O."""

from __future__ import annotations

import json
from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field

from .xapi_statements import VERBS, Stored


@dataclass(frozen=True)
class Query:
    """Filters of GET statements; `agent` is an inverse functional identifier as ifi() gives it."""

    since: int | None = None
    until: int | None = None
    ascending: bool = False
    verb: str | None = None
    activity: str | None = None
    agent: str | None = None
    registration: str | None = None
    related: bool = False
    format: str = "exact"
    limit: int = field(default=0, compare=False)


def ifi(agent: dict) -> str | None:
    """The one inverse functional identifier of an agent as a comparable text, None if it has none
    or several."""
    found = [k for k in ("mbox", "mbox_sha1sum", "openid", "account") if k in agent]
    if len(found) != 1:
        return None
    value = agent[found[0]]
    if found[0] == "account":
        if not isinstance(value, dict) or set(value) != {"homePage", "name"}:
            return None
    elif not isinstance(value, str):
        return None
    return json.dumps([found[0], value], sort_keys=True)


class Store:
    """Statements by `stored`. A statement is seen from `stored` on, a late one by its share of
    `lag` µs later, so that all stored before now - lag are seen."""

    def __init__(self, statements: list[Stored]):
        self.all = statements
        self.keys = [s.stored for s in statements]
        self.by_id = {s.id: s for s in statements}
        self.voiders: dict[str, list[Stored]] = {}
        for s in statements:
            if s.verb == VERBS["voided"] and s.target:
                self.voiders.setdefault(s.target, []).append(s)
        self.lag = 0
        self.hidden: set[str] = set()

    def seen(self, s: Stored, now: int) -> bool:
        return s.stored + int(s.late * self.lag) <= now and s.id not in self.hidden

    def voided(self, s: Stored, now: int) -> bool:
        if s.verb == VERBS["voided"]:
            return False
        return any(self.seen(v, now) for v in self.voiders.get(s.id, ()))

    def get(self, id_: str, now: int, voided: bool) -> Stored | None:
        """One statement by id: a voided one only if asked for as such."""
        s = self.by_id.get(id_.lower())
        if s is None or not self.seen(s, now) or self.voided(s, now) != voided:
            return None
        return s

    def add(self, s: Stored) -> None:
        at = bisect_right(self.keys, s.stored)
        self.keys.insert(at, s.stored)
        self.all.insert(at, s)
        self.by_id[s.id] = s

    def _index(self, id_: str) -> int:
        s = self.by_id[id_]
        n = bisect_left(self.keys, s.stored)
        while self.all[n] is not s:
            n += 1
        return n

    def page(self, q: Query, now: int, after: str | None, limit: int) -> tuple[list, str | None]:
        """At most `limit` matching statements after the one with the id `after`, and the id after
        which to go on (None: there are no more)."""
        low = 0 if q.since is None else bisect_right(self.keys, q.since)
        high = len(self.keys) if q.until is None else bisect_right(self.keys, q.until)
        high = min(high, bisect_right(self.keys, now))
        if q.ascending:
            walk = range(low if after is None else self._index(after) + 1, high)
        else:
            walk = range((high if after is None else self._index(after)) - 1, low - 1, -1)
        out: list[Stored] = []
        for n in walk:
            s = self.all[n]
            if not self.seen(s, now) or self.voided(s, now) or not self._matches(s, q, 0):
                continue
            if len(out) == limit:
                return out, out[-1].id
            out.append(s)
        return out, None

    def _matches(self, s: Stored, q: Query, depth: int) -> bool:
        """A statement matches by itself or, by the rule of StatementRefs, through its target, be
        that voided or not."""
        if self._matches_itself(s.body, q):
            return True
        target = self.by_id.get(s.target or "")
        return target is not None and depth < 8 and self._matches(target, q, depth + 1)

    @staticmethod
    def _matches_itself(body: dict, q: Query) -> bool:
        if q.verb is not None and body["verb"]["id"] != q.verb:
            return False
        if q.activity is not None:
            ids = [body["object"]["id"]] if body["object"].get("objectType") == "Activity" else []
            if q.related:
                groups = body.get("context", {}).get("contextActivities", {}).values()
                ids += [a["id"] for group in groups for a in group]
            if q.activity not in ids:
                return False
        if q.agent is not None and ifi(body["actor"]) != q.agent:
            return False
        return q.registration is None or q.registration == body.get("context", {}).get(
            "registration"
        )

    def count(self, now: int) -> dict:
        seen = [s for s in self.all[: bisect_right(self.keys, now)] if self.seen(s, now)]
        voided = sum(self.voided(s, now) for s in seen)
        return {"statements": len(seen) - voided, "voided": voided, "hidden": len(self.hidden)}
