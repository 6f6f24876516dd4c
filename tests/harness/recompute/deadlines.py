"""gen_N.deadlines: listed people by day 0, day completed and lectures done."""
import datetime
import math
from collections import Counter

from .measures import completion_days

INFINITY = "infinity"


def _issued(training, code, person):
    """The day of account issue: on a platform of the training if there is one, else on any; of a closed account the first that was seen
    in a course of the training; None without."""
    days = ([a.day for a in person.open_accounts if a.source in training.sources] or [a.day for a in person.open_accounts]
            or [f.day for f in person.facts if f.training == code and f.kind != "attendance"])
    return min(days, default=None)


def _text(day):
    return INFINITY if day is None else datetime.date.fromordinal(day).isoformat()


def deadlines(config, people):
    """(training, wave, unit, day_0, completed_on, lectures) -> learners; days as PostgreSQL prints them."""
    rows = Counter()
    for person in people:
        for code, listing in person.waves().items():
            training = config.trainings[listing.training]
            if training.deadline is None:
                continue
            facts = [f for f in person.facts if f.wave == code]
            begins = config.waves[code].begins
            enrolled = min((f.day for f in facts if f.kind == "enrollment"), default=None)
            day_0 = _issued(training, listing.training, person)
            if day_0 is not None:
                day_0 = max(d for d in (day_0, enrolled, begins) if d is not None)
            completed = min(completion_days(training, facts), default=None)
            done = max((f.progress for f in facts if f.kind == "progress"), default=0)
            lectures = math.floor(done * training.lectures + 1e-9) if training.lectures and completed is None else 0
            rows[listing.training, code, listing.unit, _text(day_0), _text(completed), lectures] += 1
    return dict(rows)
