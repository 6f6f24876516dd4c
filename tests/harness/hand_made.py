"""Tiny worlds made by hand: two trainings, three waves, and events in a line each."""
import datetime
import json

from harness.recompute.config import Config, Rule, Training, Wave
from harness.recompute.events import ordinal
from harness.recompute.measures import MEASURES

BY_PLATFORM = Rule(True, None, None, False, "best", None, 0, 10**7)
HALF = BY_PLATFORM._replace(by_platform=False, min_score=0.5)


def training(*rules, sources=("p1",), **said):
    empty = Training(None, None, None, None, None, None, list(rules or [BY_PLATFORM]), set(sources))
    return empty._replace(**said)


def world(one=None, two=None):
    """Trainings TA (waves W1, W2; course c1 of p1 and of p2) and TB (W3, open; course c2)."""
    return Config(
        {"TA": one or training(sources=("p1", "p2")), "TB": two or training()},
        {"W1": Wave("TA", ordinal("2023-09-20"), ordinal("2023-09-29")), "W2": Wave("TA", ordinal("2023-09-25"), ordinal("2023-10-10")),
         "W3": Wave("TB", None, None)},
        {("p1", "c1"): "TA", ("p2", "c1"): "TA", ("p1", "c2"): "TB"})


def event(kind, entity, subject=None, time="2023-09-21T10:00:00+07:00", source="p1", revision=1, timebasis="platform", row=1, **data):
    made = {"specversion": "1.0", "id": "0", "source": source, "type": kind, "time": time, "entity": entity,
            "revision": str(revision), "previous": "0", "timebasis": timebasis, "importrow": row, "data": data}
    return json.dumps(made | ({"subject": subject} if subject else {})).encode()


def listed(who, wave="W1", unit="U1", day="2023-09-10", identifiers=None, name=None, subject=None, **data):
    return event("roster.listed", f"row:{wave}:{unit}:{who}", subject or f"row:{who}", f"{day}T08:00:00+07:00", "lists", wave=wave, unit=unit,
                 identifiers=[f"email:{who}"] if identifiers is None else identifiers, name=name or f"name:{who}", **data)


def account(who, kind="created", day="2023-09-20", source="p1", **data):
    return event(f"account.{kind}", f"account:{source}:{who}", f"{source}:{who}", f"{day}T08:00:00+07:00", source,
                 identifiers=[f"email:{who}"], **data)


def progressed(who, day, progress, course="c1", source="p1", **more):
    more = {"time": f"{day}T08:00:00+07:00"} | more
    return event("learning.progressed", f"progress:{source}:{course}:{who}:{day}", f"{source}:{who}", source=source, course=course,
                 day=day, progress=progress, **more)


def graded(who, time, attempt=1, course="c1", source="p1", kind="graded", **data):
    return event(f"exam.{kind}", f"exam:{source}:{course}:{who}:{attempt}", f"{source}:{who}", time, source, course=course,
                 exam="final", attempt=attempt, **data)


def attended(who, day, wave="W1", number=1, **data):
    return event("attendance.recorded", f"attended:{who}:{day}:{number}", f"row:{who}", f"{day}T08:00:00+07:00", "lists",
                 wave=wave, day=day, **{"class": "L1"}, identifiers=[f"email:{who}"], name=f"name:{who}", **data)


def in_course(kind, who, day="2023-09-21", course="c1", source="p1", **more):
    return event(kind, f"{kind.split('.')[0]}:{source}:{course}:{who}", f"{source}:{who}", f"{day}T08:00:00+07:00", source,
                 course=course, **more)


def counted(made, scope, training="", wave="", year=0, value="", unit="", group=""):
    row = made.tallies.get((scope, training, wave, year, value, unit, group))
    return row and {m: n for m, n in zip(MEASURES, row) if n}


def series(made, name, scope, training="", wave="", value="", unit=""):
    return {datetime.date.fromordinal(d).isoformat(): n
            for d, n in sorted(made.activity[(scope, training, wave, value, unit), name].items())}
