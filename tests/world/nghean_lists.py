"""Nghệ An 2023: the lists and attendance sheets that come at three moments, and the plain facts of its people then."""

from __future__ import annotations

import csv
from datetime import date, datetime, timedelta
from pathlib import Path

from . import figures, nghean
from .model import UTC7, World, at_time, instant, micros

MOMENTS = tuple(micros(datetime.fromisoformat(t)) for t in
                ("2023-08-11T23:00:00", "2023-09-06T23:00:00", "2023-10-02T23:00:00"))  # fmt: skip
SOURCE, TRAINING = "onetouch", "NA-2023"
PEOPLE_HEAD = ("TT", "Họ và tên", "Ngày sinh", "Số CCCD", "Email", "Số điện thoại", "Đơn vị")


def day_of(us: int) -> date:
    return instant(us).astimezone(UTC7).date()


def rules() -> figures.Rules:
    """As config/nghean-2023 says, written down once more."""
    waves = {w["code"]: figures.Wave(date.fromisoformat(w["begins"]), date.fromisoformat(w["ends"]))
             for w in nghean.read("waves.csv")}  # fmt: skip
    off = frozenset(date.fromisoformat(d["date"]) for d in nghean.read("calendar.csv"))
    return figures.Rules(TRAINING, waves, frozenset({SOURCE}), 0.5, min_progress=1.0, by_certificate=True, min_attendance=3,
                         deadline=10, lectures=10, lecture_minutes=30, days_off=off)


def names() -> dict[str, str]:
    return {u["code"]: u["name"] for u in nghean.read("units.csv")}


class Lists:
    """The lists as they have come so far: `send(stage)` writes those of a stage in their order. `one_sheet`: the classes of a stage come
    in one file with a row a day, else each in its own with a column a day."""

    def __init__(self, world: World, out: Path, one_sheet: bool = False):
        self.world, self.out, self.one_sheet = world, out, one_sheet
        self.names = names()
        self.rows: dict[str, dict[int, str]] = {}  # wave -> {person: unit} as last sent
        self.listed: dict[int, dict[str, figures.Listing]] = {}
        self.attended: dict[int, set[tuple[str, date]]] = {}
        self.order = 0
        out.mkdir(parents=True, exist_ok=True)

    def members(self, wave: str, moved: bool) -> dict[int, str]:
        x, people = self.world.extra, self.world.people
        if wave == nghean.CLASSES:
            return {i: people[i].unit for group in x["groups"] for i in group}
        found = {p.index: p.unit for p in people if x["first"][p.index] == wave}
        found |= {i: people[i].unit for i, second in x["second"].items() if second == wave}
        if moved and wave == "NA-2023-D3":
            found |= x["moved_unit"]
        if moved and wave == "NA-2023-D6":
            found = {i: u for i, u in found.items() if i not in x["moved_wave"]}
        if moved and wave == "NA-2023-D7":
            found |= {i: people[i].unit for i in x["moved_wave"]}
        return found

    def send(self, stage: int) -> list[tuple[str, str, Path, str]]:
        """(kind, wave, file, source) of what is to be imported, in order."""
        waves = [nghean.CLASSES] + [w["code"] for w in nghean.read("waves.csv") if w["code"] != nghean.CLASSES]
        sent = []
        if stage == 0:
            sent = [self._people(w, False) for w in waves[:6]]
        if stage == 1:
            sent = [self._people(w, False) for w in waves[6:]]
            sent += [self._people(f"NA-2023-D{n}", True) for n in (3, 6, 7)]
        return sent + self._classes(MOMENTS[stage], MOMENTS[stage - 1] if stage else 0)

    def _people(self, wave: str, moved: bool) -> tuple[str, str, Path, str]:
        self.order += 1
        rows = self.members(wave, moved)
        for i in set(self.rows.get(wave, ())) - set(rows):
            del self.listed[i][wave]
        for i, unit in rows.items():
            if self.rows.get(wave, {}).get(i) != unit:
                self.listed.setdefault(i, {})[wave] = figures.Listing(self.order, wave, unit)
        self.rows[wave] = rows
        path = self.out / f"{wave}-{self.order}.csv"
        with open(path, "w", encoding="utf-8", newline="") as f:
            table = csv.writer(f, lineterminator="\n")
            table.writerow(PEOPLE_HEAD)
            for n, (i, unit) in enumerate(rows.items(), 1):
                p = self.world.people[i]
                table.writerow((n, p.name, f"{p.born:%d/%m/%Y}", p.citizen, p.email, p.phone, self.names[unit]))
        return "roster", wave, path, "lists"

    def _classes(self, until: int, after: int) -> list[tuple[str, str, Path, str]]:
        there, held = self.world.extra["there"], []
        for c, group in enumerate(self.world.extra["groups"], 1):
            if after < max(there[group[0]]) <= until:
                held.append((c, group))
                for i in group:
                    self.attended[i] = {(f"Lớp {c:02d}", day_of(d)) for d, came in there[i].items() if came}
        if self.one_sheet:
            rows = [row for c, group in held for row in self._by_day(c, group)]
            return [self._sheet("diem-danh.csv", ("Lớp", "Ngày học", "Có mặt"), rows)] if rows else []
        return [self._sheet(f"diem-danh-lop-{c:02d}.csv", ("Lớp", *(f"{day_of(d):%d/%m/%Y}" for d in there[group[0]])),
                            [(i, f"Lớp {c:02d}", *("x" if came else "v" for came in there[i].values())) for i in group])
                for c, group in held]  # fmt: skip

    def _by_day(self, c: int, group: list[int]):
        for i in group:
            for d, came in self.world.extra["there"][i].items():
                yield i, f"Lớp {c:02d}", f"{day_of(d):%d/%m/%Y}", "x" if came else "v"

    def _sheet(self, name: str, head: tuple, rows: list[tuple]) -> tuple[str, str, Path, str]:
        self.order += 1
        path = self.out / f"{self.order}-{name}"
        with open(path, "w", encoding="utf-8", newline="") as f:
            table = csv.writer(f, lineterminator="\n")
            table.writerow(("STT", "Họ và tên", "Số CCCD", "Email", "Đơn vị", *head))
            for n, (i, *cells) in enumerate(rows, 1):
                p = self.world.people[i]
                table.writerow((n, p.name, p.citizen, p.email, self.names[p.unit], *cells))
        return "attendance", nghean.CLASSES, path, "lists"

    def people(self, t: int) -> list[figures.Person]:
        """Everybody who is on a list or has an account, as known at t."""
        w, out, owner = self.world, [], {}
        by_account = w._by_account()
        for p in w.people:
            person = figures.Person(sorted(self.listed.get(p.index, {}).values()), name=p.name)
            for _, day in sorted(self.attended.get(p.index, ())):
                at = micros(datetime(day.year, day.month, day.day))
                person.facts.append(figures.Fact("attendance", "lists", day, at, stated=nghean.CLASSES))
            if p.account is not None:
                owner[p.account] = person
            out.append(person)
        for i, a in enumerate(w.accounts):
            if a.joined > t:
                continue
            if i not in owner:
                owner[i] = figures.Person(name=a.name)
                out.append(owner[i])
            active = a.activated is not None and a.activated <= t
            owner[i].accounts.append(figures.Account(SOURCE, day_of(a.joined), active))
            for e in by_account.get(i, ()):
                owner[i].facts += course_facts(e, t)
        return [p for p in out if p.listings or p.accounts or p.facts]


def course_facts(e, t: int) -> list[figures.Fact]:
    """What an enrolment on this platform says at t: it lists every day of learning and every attempt."""
    out, days, done, exam = [], {}, 0, (False, 0)
    if at_time(e.toggles, t):
        out.append(figures.Fact("enrolled", SOURCE, day_of(e.created), e.created))
    for at, grade in e.grades:
        if at > t:
            break
        *lectures, now = grade.scores
        if sum(tried for tried, _ in lectures) > done:
            done = sum(tried for tried, _ in lectures)
            days[day_of(at)] = figures.Fact("progress", SOURCE, day_of(at), at, done / nghean.LECTURES)
        if now != exam:
            out.append(figures.Fact("exam", SOURCE, day_of(at), at, now[1], nghean.QUESTIONS))
            exam = now
    cert = at_time(e.certificates, t)
    if cert is not None and cert.passing:
        out.append(figures.Fact("certificate", SOURCE, day_of(cert.created), cert.created))
    return out + list(days.values())


def dates(t: int, count: int) -> list[date]:
    """The last days before t."""
    return [day_of(t) - timedelta(n) for n in range(count)]
