"""What is true of a world whose people are on several lists (`world.extra["listings"]`): by wave, training, year, audience and
inviting body. By the definitions of the measures alone, person by person; nothing of it asks the database."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from .model import World, at_time, instant
from .model import UTC7
from .names import unaccented

OF_FACTS = ("enrolled", "participated", "completed", "sat", "passed", "failed", "certified")
MEASURES = ("registered", "accounts", "activated", *OF_FACTS, "not_registered", "first_time")


class Fact(NamedTuple):
    """kind: enrolled, progress, sat, passed (an attempt that passed), certificate."""

    kind: str
    training: str
    day: date


def code(words: str) -> str:
    """As a list's words become a code."""
    return "-".join(unaccented(words).replace("(", " ").replace(")", " ").split())


def local_day(us: int) -> date:
    return instant(us).astimezone(UTC7).date()


def attempts(world: World, e) -> list[tuple[int, bool]]:
    exam = next(n for n, s in enumerate(world.courses[e.course].sections) if s.is_exam)
    out: list[tuple[int, bool]] = []
    before = (False, 0)
    for at, grade in e.grades:
        if grade.scores[exam] != before:
            out.append((at, grade.passed))
            before = grade.scores[exam]
    return out


def facts_of(world: World, account: int, trainings, seen: date) -> list[Fact]:
    """What the platform shows in the end. It shows progress as a total: its day is the one on which it was `seen`."""
    out = []
    for e in world._by_account().get(account, ()):
        training = trainings[e.course]
        if at_time(e.toggles, world.ends):
            out.append(Fact("enrolled", training, local_day(e.created)))
            scores = e.grades[-1][1].scores if e.grades else ()
            lessons = [tried for (tried, _), s in zip(scores, world.courses[e.course].sections) if not s.is_exam]
            if any(lessons):
                out.append(Fact("progress", training, seen))
        out += [Fact("passed" if ok else "sat", training, local_day(at)) for at, ok in attempts(world, e)]
        if e.certificates and e.certificates[-1][1].passing:
            out.append(Fact("certificate", training, local_day(e.certificates[-1][1].created)))
    return out


def wave_of(waves: dict, mine: set[str], day: date) -> str | None:
    """The latest begun of the person's waves that holds the day, else the latest begun before it, else the first."""
    by_begin = sorted(mine, key=lambda w: (waves[w].begins, w))
    holding = [w for w in by_begin if waves[w].begins <= day <= waves[w].ends]
    begun = [w for w in by_begin if waves[w].begins <= day]
    return (holding or begun or by_begin[:1] or [None])[-1]


def measured(facts: list[Fact]) -> dict[str, bool]:
    kinds = {f.kind for f in facts}
    sat, passed = bool(kinds & {"sat", "passed"}), "passed" in kinds
    return {
        "enrolled": "enrolled" in kinds,
        "participated": sat or "progress" in kinds,
        "completed": "certificate" in kinds,
        "sat": sat,
        "passed": passed,
        "failed": sat and not passed,
        "certified": "certificate" in kinds,
    }


@dataclass
class Known:
    """One person as the services can know them. Listings: (order, wave, unit, audiences, invited by)."""

    listings: list = field(default_factory=list)
    facts: list[Fact] = field(default_factory=list)
    account: bool = False
    activated: bool = False

    def unit(self, of) -> str | None:
        """Where listed last, of the listings for which `of` holds."""
        mine = [x for x in self.listings if of(x)]
        return max(mine)[2] if mine else None


class Truth:
    """Tables {key: Counter of measures}; the unit '' has those on no list.

    waves (training, wave, unit) · trainings (training, unit) · all (unit,) · years (year, unit) · audiences and
    inviters (training, code, unit)"""

    def __init__(self, world: World, waves: dict, trainings, seen: date):
        self.waves, self.trainings_of = waves, trainings
        self.tables: dict[str, dict[tuple, Counter]] = {
            name: defaultdict(Counter) for name in ("waves", "trainings", "all", "years", "audiences", "inviters")
        }
        known = [Known() for _ in world.people]
        for order, x in enumerate(world.extra["listings"]):
            known[x.person].listings.append((order, x.wave, x.unit, [code(a) for a in x.audiences], code(x.invited_by)))
        for p, k in zip(world.people, known):
            if p.account is not None:
                k.account, k.activated = True, world.accounts[p.account].activated is not None
                k.facts = facts_of(world, p.account, trainings, seen)
            self._count(k)

    def _add(self, table: str, key: tuple, unit: str | None, k: Known, facts_measures: dict, **more) -> None:
        row = self.tables[table][(*key, unit or "")]
        row["registered" if unit is not None else "not_registered"] += 1
        row.update({m: int(v) for m, v in {**facts_measures, **more}.items()})
        row.update({"accounts": int(k.account), "activated": int(k.activated)})

    def _count(self, k: Known) -> None:
        if not k.listings and not k.facts and not k.account:
            return
        mine: dict[str, set[str]] = defaultdict(set)
        for x in k.listings:
            mine[self.waves[x[1]].training].add(x[1])
        placed = [(f, wave_of(self.waves, mine[f.training], f.day)) for f in k.facts]
        any_of = dict.fromkeys(OF_FACTS, False)
        for t in self.trainings_of:
            facts = [f for f, _ in placed if f.training == t]
            unit = k.unit(lambda x: self.waves[x[1]].training == t)
            if unit is None and not facts:
                continue
            held = measured(facts)
            any_of = {m: any_of[m] or held[m] for m in OF_FACTS}
            self._add("trainings", (t,), unit, k, held)
            of_here = [x for x in k.listings if self.waves[x[1]].training == t]
            for a in {a for x in of_here for a in x[3]}:
                self._add("audiences", (t, a), unit, k, held)
            for body in {x[4] for x in of_here}:
                self._add("inviters", (t, body), unit, k, held)
            for wave in mine[t]:
                here = measured([f for f, w in placed if w == wave])
                self._add("waves", (t, wave), k.unit(lambda x: x[1] == wave), k, here)
        self._add("all", (), k.unit(lambda x: True), k, any_of)
        self._years(k, placed)

    def _years(self, k: Known, placed) -> None:
        def year(f, w):
            return self.waves[w].begins.year if w else f.day.year

        def listed(x):
            return self.waves[x[1]].begins.year

        years = {year(f, w) for f, w in placed} | {listed(x) for x in k.listings}
        for y in years:
            held = dict.fromkeys(OF_FACTS, False)
            for t in self.trainings_of:
                here = measured([f for f, w in placed if f.training == t and year(f, w) == y])
                held = {m: held[m] or here[m] for m in OF_FACTS}
            self._add("years", (y,), k.unit(lambda x: listed(x) == y), k, held, first_time=y == min(years))
