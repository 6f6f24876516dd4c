"""gen_N.activity as counts of people per day, by sets; and gen_N.activity_5min."""
import datetime
from collections import Counter, defaultdict

from .events import EPOCH, MICROSECOND
from .measures import attempts, rules_that_hold

KEY = ("scope", "training", "wave", "value", "unit")
SERIES = ("active", "active_7", "active_30", "new_participants", "exams_sat", "exams_passed", "newly_passed")
FIVE_MINUTES_US = 300 * 10**6


def _sets(config, person):
    """[(key, facts)]: the sets of facts whose activity is counted in a row of its own."""
    found = []
    for code, listing in person.trainings().items():
        facts = [f for f in person.facts if f.training == code]
        found.append((("training", code, "", "", listing.unit if listing else ""), facts))
        for source in config.trainings[code].sources:
            found.append((("platform", code, "", source, ""), [f for f in facts if f.source == source]))
        for audience in set().union(*(l.audiences for l in person.listings if l.training == code)):
            found.append((("audience", code, "", audience, ""), facts))
    for wave, listing in person.waves().items():
        found.append((("wave", listing.training, wave, "", listing.unit), [f for f in person.facts if f.wave == wave]))
    anywhere = person.latest()
    found.append((("all", "", "", "", anywhere.unit if anywhere else ""), person.facts))
    return found


def _active_days(facts):
    return {f.day for f in facts if f.kind in ("progress", "attendance") or f.sat or f.ok}


def _passing(config, facts):
    """The attempts that passed, of the rules that hold."""
    for training in {f.training for f in facts if f.ok}:
        of_it = [f for f in facts if f.training == training]
        for rule, _ in rules_that_hold(config.trainings[training], of_it):
            yield from (f for f in attempts(of_it) if f.ok and f.rule is rule)


def activity(config, people):
    """(key, series) -> {day: number}. active_7 of a day: people with an active day among the 7 days that end with it."""
    counts = defaultdict(Counter)
    for person in people:
        for key, facts in _sets(config, person):
            days = _active_days(facts)
            if not days:
                continue
            sat = attempts(facts)
            counts[key, "active"].update(days)
            for window in (7, 30):
                counts[key, f"active_{window}"].update({day + n for day in days for n in range(window)})
            counts[key, "new_participants"][min(days)] += 1
            counts[key, "exams_sat"].update(f.day for f in sat)
            counts[key, "exams_passed"].update(f.day for f in sat if f.ok)
            newly = min((f.day for f in _passing(config, facts)), default=None)
            if newly is not None:
                counts[key, "newly_passed"][newly] += 1
    return counts


def five_minutes(people):
    """(training, wave, began_at) -> [facts, learners, exams_sat, exams_passed]."""
    rows, learners = defaultdict(lambda: [0, 0, 0, 0]), defaultdict(set)
    for number, person in enumerate(people):
        for fact in person.facts:
            if not fact.own_day:
                continue
            began = EPOCH + fact.us // FIVE_MINUTES_US * FIVE_MINUTES_US * MICROSECOND
            key = fact.training, fact.wave, began
            learners[key].add(number)
            row = rows[key]
            row[0] += 1
            row[1] = len(learners[key])
            row[2] += bool(fact.sat or fact.ok)
            row[3] += bool(fact.ok)
    return {key: tuple(row) for key, row in rows.items()}


def days_of_month(month):
    """[ordinal] of the days of the month that a date is the first of."""
    after = (month + datetime.timedelta(days=31)).replace(day=1)
    return list(range(month.toordinal(), after.toordinal()))
