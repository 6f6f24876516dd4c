"""From the log's records to the newest event of each entity."""
import datetime
import hashlib
import json
import re
import uuid

EPOCH = datetime.datetime(1970, 1, 1, tzinfo=datetime.timezone.utc)
EPOCH_DAY = EPOCH.date().toordinal()
MICROSECOND = datetime.timedelta(microseconds=1)
DAY_US = 86400 * 10**6
VIETNAM_US = 7 * 3600 * 10**6


def microseconds(text):
    return (datetime.datetime.fromisoformat(text.replace("Z", "+00:00")) - EPOCH) // MICROSECOND


def day_of(us):
    """Vietnamese day of an instant, as date.toordinal counts."""
    return (us + VIETNAM_US) // DAY_US + EPOCH_DAY


def ordinal(text):
    return datetime.date.fromisoformat(text).toordinal()


def digest(text):
    return hashlib.sha256(text.encode()).digest()


def key(text):
    """What stands for a subject, identifier or entity in PostgreSQL."""
    return uuid.UUID(bytes=digest(text)[:16])


def rank(text):
    return int.from_bytes(digest(text)[:8], "big")


def _data_text(text):
    """Member data of the outermost object as it stands, whatever the spaces and the order of the members."""
    decode, space = json.JSONDecoder().raw_decode, re.compile(r"[ \t\r\n]*")
    at = space.match(text).end()
    while text[at] != "}":
        at = space.match(text, at + 1).end()
        name, at = decode(text, at)
        begin = space.match(text, space.match(text, at).end() + 1).end()
        _, end = decode(text, begin)
        if name == "data":
            return text[begin:end]
        at = space.match(text, end).end()
    raise ValueError("no data")


def data_hash(kind, raw):
    """The contract's tie-break: SHA-256 of type, NUL and data's bytes as they stand."""
    number = int.from_bytes(hashlib.sha256(kind.encode() + b"\0" + _data_text(raw.decode()).encode()).digest()[:8], "big")
    return number - (1 << 64) if number >> 63 else number


class Event:
    __slots__ = ("type", "kind", "source", "entity", "subject", "revision", "us", "row", "data", "observed", "origin", "raw")

    def __init__(self, raw):
        event = json.loads(raw)
        self.type, self.source, self.entity = event["type"], event["source"], event["entity"]
        self.kind = self.type.split(".")[0]
        self.subject = event.get("subject") or None
        self.revision, self.us = int(event["revision"]), microseconds(event["time"])
        self.observed = event.get("timebasis") == "observed"
        self.row = int(event.get("importrow") or 0)
        self.origin = event.get("importfile") or "", event.get("importsheet") or ""
        self.data = {name: value for name, value in event["data"].items() if value is not None}
        self.raw = raw

    @property
    def hash(self):
        return data_hash(self.type, self.raw)


def newest(records):
    """Latest event of each entity: highest (revision, hash), then the later time, then the observed one, then the later row."""
    best = {}
    for raw in records:
        try:
            event = Event(raw)
        except (ValueError, KeyError, TypeError, AttributeError):
            continue
        held = best.setdefault(event.entity, event)
        if held is not event and event.revision >= held.revision and (
                event.revision > held.revision or (event.hash, event.us, event.observed, event.row) > (held.hash, held.us, held.observed, held.row)):
            best[event.entity] = event
    return list(best.values())
