"""Lào Cai 2022: what the offices send, the plain facts of its people, and where their units stood in each tree on a day."""

from __future__ import annotations

import csv
from collections import Counter
from datetime import date
from pathlib import Path

from . import figures, laocai
from .model import World, at_time
from .nghean_lists import PEOPLE_HEAD, day_of

TRAINING, WAVES = "LC-2022", {"LC-2022-D1": "LC-", "YB-2022-D1": "YB-"}
SIS, LMS, VNEDU = laocai.SITES
COURSES = {SIS: "class-1", LMS: "2", VNEDU: "2", laocai.FILES: "KT-2022"}
HIDDEN = (SIS, laocai.FILES)  # they show results, and nothing of what was learned
BEGINS, ENDS = date(2022, 6, 13), date(2022, 8, 31)


def rules() -> figures.Rules:
    return figures.Rules(TRAINING, {w: figures.Wave(BEGINS, ENDS) for w in WAVES}, frozenset(COURSES), 0.5, 1.0, by_passed=True)


class Tree:
    """A tree of units on a day, by the definitions: who ended counts at its one heir, else where it was, below what was above it last;
    an office above that ended is its one heir, else the one above it."""

    def __init__(self, units: list[laocai.Unit], tree: str, day: date):
        self.units, self.tree, self.day = {u.code: u for u in units}, tree, day

    def ended(self, code: str) -> bool:
        end = self.units[code].valid_to
        return bool(end) and date.fromisoformat(end) < self.day

    def counts_at(self, code: str) -> str:
        heirs = self.units[code].heirs
        return self.counts_at(heirs[0]) if self.ended(code) and len(heirs) == 1 else code

    def above(self, code: str) -> str:
        u = self.units[code]
        now = [above for tree, above, since in u.lines if tree == self.tree and date.fromisoformat(since) <= self.day]
        found = now[-1] if now else u.parent if self.tree == "management" else u.territory
        while found and self.ended(found):
            heirs = self.units[found].heirs
            found = heirs[0] if len(heirs) == 1 else self.above(found)
        return found

    def path(self, code: str) -> list[str]:
        """The unit (or its heir) and all above it."""
        out = [self.counts_at(code)]
        while up := self.above(out[-1]):
            out.append(up)
        return out

    def rolled(self, by_unit: dict[str, Counter]) -> dict[str, Counter]:
        out: dict[str, Counter] = {}
        for unit, row in by_unit.items():
            for code in self.path(unit):
                out.setdefault(code, Counter()).update(row)
        return out


def write(world: World, out: Path) -> list[tuple[str, str, Path, str]]:
    """(kind, wave, file, source): the list of each province, the results that the examination system exports."""
    out.mkdir(parents=True, exist_ok=True)
    names = {u.code: u.name for u in world.extra["units"]}
    sent = []
    for wave, mine in WAVES.items():
        path = out / f"{wave}.csv"
        with open(path, "w", encoding="utf-8", newline="") as f:
            table = csv.writer(f, lineterminator="\n")
            table.writerow(PEOPLE_HEAD)
            for n, p in enumerate((p for p in world.people if p.unit.startswith(mine)), 1):
                table.writerow((n, p.name, f"{p.born:%d/%m/%Y}", p.citizen, p.email, p.phone, names[p.unit]))
        sent.append(("roster", wave, path, "lists"))
    path = out / "ket-qua.csv"
    with open(path, "w", encoding="utf-8", newline="") as f:
        table = csv.writer(f, lineterminator="\n")
        table.writerow(("Họ và tên", "Số CCCD", "Mã khóa học", "Lần thi", "Điểm", "Điểm tối đa", "Ngày thi"))
        for i, attempt, right, at in world.extra["exports"]:
            p = world.people[i]
            table.writerow((p.name, p.citizen, COURSES[laocai.FILES], attempt, right, laocai.QUESTIONS, f"{day_of(at):%d/%m/%Y}"))
    return [*sent, ("results", "", path, laocai.FILES)]


def people(world: World) -> list[figures.Person]:
    t, by_account, out = world.ends, world._by_account(), []
    results: dict[int, list[tuple[int, int]]] = {}
    for i, _, right, at in world.extra["exports"]:
        results.setdefault(i, []).append((right, at))
    for p in world.people:
        person = figures.Person([figures.Listing(1, next(w for w, mine in WAVES.items() if p.unit.startswith(mine)), p.unit)])
        for right, at in results.get(p.index, ()):
            person.facts.append(figures.Fact("exam", laocai.FILES, day_of(at), at, right, laocai.QUESTIONS))
        if p.index in results:
            person.accounts.append(figures.Account(laocai.FILES, day_of(results[p.index][0][1]), False))
        for i in p.accounts:
            a, source = world.accounts[i], laocai.SITES[world.accounts[i].platform]
            enrolments = by_account.get(i, ())
            if source != LMS or enrolments:  # Moodle shows the accounts of those in the course
                person.accounts.append(figures.Account(source, day_of(a.joined), a.activated is not None))
            for e in enrolments:
                person.facts += course_facts(source, e, t)
        out.append(person)
    return out


def course_facts(source: str, e, t: int) -> list[figures.Fact]:
    """The latest score where a system keeps one, every attempt where it keeps them all."""
    out = [figures.Fact("enrolled", source, day_of(e.created), e.created)] if at_time(e.toggles, t) else []
    exams, right = [], 0
    for at, grade in e.grades:
        *lectures, (tried, now) = grade.scores
        if lectures:
            done = sum(tried for tried, _ in lectures) / len(lectures)
            out.append(figures.Fact("progress", source, day_of(at), at, done))
        if tried and now != right:
            exams.append(figures.Fact("exam", source, day_of(at), at, now, laocai.QUESTIONS))
            if source == LMS and now:  # Moodle's course total above nothing is learning, not known how much
                out.append(figures.Fact("progress", source, day_of(at), at))
            right = now
    return out + (exams[-1:] if source == SIS else exams)
