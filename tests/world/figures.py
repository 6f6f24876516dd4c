"""What the figures must be, from plain facts of people, by the definitions alone: no event, no identifier, no database.

A Person has listings (in the order in which the lists came), accounts and facts. `Figures` counts people of a Rules by scope,
day and deadline; everything is worked out anew for every cell, so that nothing is shared with the service's arithmetic."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import NamedTuple

NEVER = date.max
MEASURES = (
    "registered",
    "accounts",
    "activated",
    "enrolled",
    "participated",
    "completed",
    "sat",
    "passed",
    "failed",
    "certified",
    "not_registered",
    "passed_first",
    "scored",
    "attempts",
    "attempts_passed",
    "score_sum",
)


class Listing(NamedTuple):
    order: int
    wave: str
    unit: str


class Account(NamedTuple):
    source: str
    day: date
    activated: bool


class Fact(NamedTuple):
    """kind: enrolled, progress, attendance, exam, certificate. `value`: share done of progress, right answers of an exam out of
    `most`; `stated`: the wave that an attendance names."""

    kind: str
    source: str
    day: date
    at: int
    value: float = 0
    most: float = 0
    stated: str = ""


@dataclass
class Person:
    listings: list[Listing] = field(default_factory=list)
    accounts: list[Account] = field(default_factory=list)
    facts: list[Fact] = field(default_factory=list)
    name: str = ""


class Wave(NamedTuple):
    begins: date
    ends: date


@dataclass
class Rules:
    """One training."""

    code: str
    waves: dict[str, Wave]
    sources: frozenset[str]
    pass_share: float
    min_progress: float | None = None
    by_certificate: bool = False
    by_passed: bool = False
    min_attendance: int | None = None
    deadline: int | None = None
    lectures: int = 0
    lecture_minutes: int = 0
    days_off: frozenset[date] = frozenset()

    def works(self, day: date) -> bool:
        return day.weekday() < 5 and day not in self.days_off

    def workdays(self, after: date, until: date) -> int:
        """Working days after the one and up to the other; 0 where it is not later."""
        return sum(self.works(after + timedelta(n + 1)) for n in range((until - after).days))

    def due(self, day_0: date) -> date:
        """The working day on which the time given is over."""
        day, left = day_0, self.deadline
        while left:
            day += timedelta(1)
            left -= self.works(day)
        return day


def ok(rules: Rules, fact: Fact) -> bool:
    return fact.kind == "exam" and fact.value / fact.most >= rules.pass_share


def wave_of(rules: Rules, person: Person, fact: Fact) -> str | None:
    """An attendance: the wave it names, if the person is listed there. Else the latest begun that holds the day, else the latest
    begun before it, else the first."""
    mine = sorted({x.wave for x in person.listings if x.wave in rules.waves}, key=lambda w: (rules.waves[w].begins, w))
    if fact.stated in mine:
        return fact.stated
    for among in (
        [w for w in mine if rules.waves[w].begins <= fact.day <= rules.waves[w].ends],
        [w for w in mine if rules.waves[w].begins <= fact.day],
    ):
        if among:
            return among[-1]
    return mine[0] if mine else None


def completed_on(rules: Rules, facts: list[Fact]) -> date:
    days = [NEVER]
    if rules.min_progress is not None:
        days += [f.day for f in facts if f.kind == "progress" and f.value >= rules.min_progress]
    if rules.by_certificate:
        days += [f.day for f in facts if f.kind == "certificate"]
    if rules.by_passed:
        days += [f.day for f in facts if ok(rules, f)]
    if rules.min_attendance:
        attended = sorted({f.day for f in facts if f.kind == "attendance"})
        days += attended[rules.min_attendance - 1 : rules.min_attendance]
    return min(days)


def measured(rules: Rules, facts: list[Fact]) -> dict[str, int]:
    """What holds of a set of facts of one person; numbers where attempts are counted."""
    exams = sorted((f for f in facts if f.kind == "exam"), key=lambda f: f.at)
    kinds = {f.kind for f in facts}
    passed = any(ok(rules, f) for f in exams)
    best = max((f.value / f.most for f in exams), default=None)
    return {
        "enrolled": "enrolled" in kinds,
        "participated": bool(kinds & {"progress", "attendance", "exam"}),
        "completed": completed_on(rules, facts) < NEVER,
        "sat": bool(exams),
        "passed": passed,
        "failed": bool(exams) and not passed,
        "certified": "certificate" in kinds,
        "passed_first": bool(exams) and ok(rules, exams[0]),
        "scored": bool(exams),
        "attempts": len(exams),
        "attempts_passed": sum(ok(rules, f) for f in exams),
        "score_sum": round(10000 * best) if best is not None else 0,
    }


def account_of(person: Person, source: str | None = None) -> dict[str, int]:
    mine = [a for a in person.accounts if source in (None, a.source)]
    implied = any(f.kind != "attendance" and source in (None, f.source) for f in person.facts)
    return {"accounts": bool(mine) or implied, "activated": any(a.activated for a in mine)}


def latest(listings) -> str:
    """The unit of the listing that came last; empty for somebody on no list."""
    return max(listings, default=Listing(0, "", ""))[2]


def active_days(facts: list[Fact]) -> set[date]:
    return {f.day for f in facts if f.kind in ("progress", "attendance", "exam")}


class Figures:
    def __init__(self, rules: Rules, people: list[Person]):
        self.rules, self.people = rules, people
        self.sets = [self._sets(p) for p in people]

    def _sets(self, person: Person) -> list[tuple[tuple[str, str, str], list[Fact]]]:
        """((scope, value, unit), facts) of every row in which the person counts."""
        rules, facts = self.rules, person.facts
        of_wave = defaultdict(list)
        for f in facts:
            of_wave[wave_of(rules, person, f)].append(f)
        mine = [x for x in person.listings if x.wave in rules.waves]
        unit = latest(mine)
        out = [(("wave", w, latest(x for x in mine if x.wave == w)), of_wave[w]) for w in {x.wave for x in mine}]
        if mine or facts:
            out.append((("training", "", unit), facts))
            there = {a.source for a in person.accounts} | {f.source for f in facts}
            out += [(("platform", s, unit), [f for f in facts if f.source == s]) for s in there & rules.sources]
        if mine or facts or person.accounts:
            out.append((("all", "", unit), facts))
        return out

    def tallies(self) -> dict[tuple[str, str, str], Counter]:
        """{(scope, wave or source, unit): measures}; scopes wave, training, platform, all. Unit '' is nobody's list."""
        rows: dict[tuple[str, str, str], Counter] = defaultdict(Counter)
        for person, sets in zip(self.people, self.sets):
            for key, facts in sets:
                row = rows[key]
                row.update({m: int(n) for m, n in measured(self.rules, facts).items()})
                row.update({m: int(n) for m, n in account_of(person, key[1] if key[0] == "platform" else None).items()})
                row["registered" if key[2] else "not_registered"] += 1
        return {key: Counter({m: n for m, n in row.items() if n}) for key, row in rows.items()}

    def active(self, day: date, window: int, scope: str) -> Counter:
        """{(value, unit): people active in the days up to this one}"""
        days = {day - timedelta(n) for n in range(window)}
        out: Counter = Counter()
        for sets in self.sets:
            for key, facts in sets:
                if key[0] == scope and days & active_days(facts):
                    out[key[1:]] += 1
        return out

    def of_day(self, day: date, scope: str) -> dict[tuple[str, str], dict[str, int]]:
        """{(value, unit): active, new_participants, exams_sat, exams_passed, newly_passed} of a day"""
        rows: dict[tuple[str, str], Counter] = defaultdict(Counter)
        for sets in self.sets:
            for key, facts in sets:
                if key[0] != scope:
                    continue
                exams = [f for f in facts if f.kind == "exam"]
                good = [f.day for f in exams if ok(self.rules, f)]
                all_days = active_days(facts)
                row = rows[key[1:]]
                row["active"] += day in all_days
                row["new_participants"] += bool(all_days) and min(all_days) == day
                row["exams_sat"] += sum(f.day == day for f in exams)
                row["exams_passed"] += good.count(day)
                row["newly_passed"] += bool(good) and min(good) == day
        return {key: dict(row) for key, row in rows.items()}

    def deadlines(self) -> Counter:
        """{(wave, unit, day 0, completed on, lectures): learners}; NEVER where there is no such day."""
        out: Counter = Counter()
        for person, sets in zip(self.people, self.sets):
            for (scope, wave, unit), facts in sets:
                if scope == "wave":
                    done = completed_on(self.rules, facts)
                    out[wave, unit, self.day_0(person, wave, facts), done, self._lectures(facts, done)] += 1
        return out

    def _lectures(self, facts: list[Fact], done: date) -> int:
        progress = max((f.value for f in facts if f.kind == "progress"), default=0)
        return 0 if done < NEVER else int(progress * self.rules.lectures + 1e-9)

    def day_0(self, person: Person, wave: str, facts: list[Fact]) -> date:
        here = [a.day for a in person.accounts if a.source in self.rules.sources] or [a.day for a in person.accounts]
        issued = here or [f.day for f in person.facts if f.kind != "attendance"]
        if not issued:
            return NEVER
        enrolled = [f.day for f in facts if f.kind == "enrolled"]
        return max([min(issued), self.rules.waves[wave].begins] + ([min(enrolled)] if enrolled else []))

    def states(self, today: date) -> dict[tuple[str, str], Counter]:
        """{(wave, unit): learners on_time, late, overdue, at_risk, in_time, not_begun}"""
        out: dict[tuple[str, str], Counter] = defaultdict(Counter)
        for (wave, unit, day_0, done, lectures), n in self.deadlines().items():
            out[wave, unit][self.state(day_0, done, lectures, today)] += n
        return out

    def state(self, day_0: date, done: date, lectures: int, today: date) -> str:
        if day_0 == NEVER:
            return "not_begun" if done == NEVER else "on_time"
        due = self.rules.due(day_0)
        if done < NEVER:
            return "on_time" if done <= due else "late"
        if today > due:
            return "overdue"
        return "at_risk" if lectures < self.rules.workdays(day_0, today) else "in_time"

    def too_fast(self) -> int:
        """Rows of passed_too_fast: one for each listed wave of a person who passed sooner than the lectures last."""
        least = self.rules.lectures * self.rules.lecture_minutes * 60_000_000
        found = 0
        for person, sets in zip(self.people, self.sets):
            begun = min((f.at for f in person.facts if f.kind in ("enrolled", "progress")), default=None)
            for (scope, _, _), facts in sets:
                if scope == "wave" and begun is not None:
                    found += any(ok(self.rules, f) and f.at - begun < least for f in facts)
        return found

    def without_learning(self, hidden: tuple = ()) -> int:
        """Rows of passed_without_learning: one for each listed wave of a person who passed with no learning to be seen, on some
        platform that would have shown it."""
        found = 0
        for person, sets in zip(self.people, self.sets):
            if not any(f.kind in ("progress", "attendance") for f in person.facts):
                found += sum(any(ok(self.rules, f) and f.source not in hidden for f in facts)
                             for (scope, _, _), facts in sets if scope == "wave")  # fmt: skip
        return found

    def same_names(self) -> int:
        """List rows of people without account, whose name is that of just one account that is on no list."""
        strays = Counter(p.name.casefold() for p in self.people if not p.listings and p.accounts)
        without = [p for p in self.people if not account_of(p)["accounts"]]
        return sum(len(p.listings) for p in without if strays[p.name.casefold()] == 1)
