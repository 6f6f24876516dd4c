"""Entities without a learner: gen_N.headcounts, gen_N.totals, gen_N.marks."""
import datetime

from .events import EPOCH, MICROSECOND, key, microseconds


def _instant(us):
    return EPOCH + us * MICROSECOND


def _origin(event):
    return event.source, _instant(event.us), *event.origin, event.row, event.revision, event.hash


def headcounts(events):
    """entity -> (in_force, wave, unit, activity, day, audiences, people, origin ...)."""
    return {key(e.entity): (
        e.type == "attendance.recorded", e.data.get("wave", ""), e.data.get("unit", ""), e.data["class"],
        datetime.date.fromisoformat(e.data["day"]) if "day" in e.data else None, e.data.get("audience", []),
        e.data.get("count", 0), *_origin(e))
        for e in events if e.kind == "attendance" and e.subject is None}


def totals(events):
    return {key(e.entity): (e.data["wave"], e.type == "totals.published", e.data.get("registered"), e.data.get("passed"), *_origin(e))
            for e in events if e.kind == "totals"}


def marks(events):
    return {key(e.entity): (
        e.source, e.data["stream"], e.data.get("substream", ""), e.data["partition"], _instant(microseconds(e.data["through"])),
        e.data.get("records", 0), e.data.get("dead", 0), e.revision, e.hash, e.data.get("every", 0))
        for e in events if e.type == "source.swept"}
