"""What a world is made of. All times are integer microseconds since 1970-01-01 UTC."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from typing import NamedTuple

UTC7 = timezone(timedelta(hours=7))
_EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)

MEASURES = (
    "registered",
    "accounts",
    "activated",
    "enrolled",
    "participated",
    "sat",
    "passed",
    "failed",
    "certified",
)


def micros(when: datetime) -> int:
    """Microseconds since the epoch; a naive time is taken as Asia/Ho_Chi_Minh."""
    if when.tzinfo is None:
        when = when.replace(tzinfo=UTC7)
    return (when - _EPOCH) // timedelta(microseconds=1)


def instant(us: int) -> datetime:
    """The UTC datetime of a number of microseconds."""
    return _EPOCH + timedelta(microseconds=us)


class Section(NamedTuple):
    """A graded subsection of a course."""

    category: str
    label: str
    name: str
    module_id: str
    weight: float
    questions: int
    is_exam: bool


@dataclass(slots=True)
class Course:
    id: str
    org: str
    number: str
    name: str
    start: int
    end: int
    sections: list[Section]
    pass_mark: float = 0.5


class Grade(NamedTuple):
    """The course grade of one enrolment. `scores` has (attempted, earned) per section. `when` is set
    where the attempt behind it was made before the platform shows it; `regrade` where the attempt
    is an old one that has been marked again."""

    percent: float
    passed: bool
    scores: tuple[tuple[bool, int], ...]
    when: int | None = None
    regrade: bool = False

    @property
    def active(self) -> bool:
        return self.percent > 0 or any(a for a, _ in self.scores)


class Certificate(NamedTuple):
    created: int
    modified: int
    status: str
    grade: str
    uuid: str

    @property
    def passing(self) -> bool:
        return self.status == "downloadable"


@dataclass(slots=True)
class Account:
    """A platform account. `activated` is None if its owner never used the activation link; `emails`
    are later addresses by the time from which they hold; `platform` numbers the platforms of a
    world that has several."""

    user_id: int
    username: str
    email: str
    name: str
    birth_year: int
    joined: int
    activated: int | None
    emails: list[tuple[int, str]] = field(default_factory=list)
    platform: int = 0

    def email_at(self, t: int) -> str:
        return at_time(self.emails, t) or self.email


@dataclass(slots=True)
class Enrollment:
    """One account in one course and all that ever happened to it, each list sorted by time."""

    id: int
    account: int
    course: int
    created: int
    toggles: list[tuple[int, bool]] = field(default_factory=list)
    grades: list[tuple[int, Grade]] = field(default_factory=list)
    certificates: list[tuple[int, Certificate]] = field(default_factory=list)


@dataclass(slots=True)
class Person:
    """Somebody on a unit's list. `account` is an index into World.accounts, or None; `others` are
    those of further accounts. `moves` are later (unit, group), `emails` later addresses on the
    lists, each by the time from which they hold."""

    index: int
    unit: str
    group: int
    name: str
    born: datetime
    male: bool
    citizen: str
    phone: str
    email: str
    account: int | None = None
    others: list[int] = field(default_factory=list)
    moves: list[tuple[int, tuple[str, int]]] = field(default_factory=list)
    emails: list[tuple[int, str]] = field(default_factory=list)

    @property
    def accounts(self) -> tuple[int, ...]:
        return () if self.account is None else (self.account, *self.others)

    def place_at(self, t: int) -> tuple[str, int]:
        """Unit and group."""
        return at_time(self.moves, t) or (self.unit, self.group)

    def email_at(self, t: int) -> str:
        return at_time(self.emails, t) or self.email


class Change(NamedTuple):
    """A moment at which what the platform shows changes. Kinds: account, activate, email, toggle,
    grade, cert, and move (of a person)."""

    at: int
    kind: str
    index: int
    step: int


def at_time(changes: list, t: int):
    """The value of the last (time, value) pair at or before t, None before the first."""
    i = bisect_right(changes, t, key=lambda c: c[0])
    return changes[i - 1][1] if i else None


@dataclass
class World:
    name: str
    seed: int
    begins: int
    ends: int
    courses: list[Course]
    accounts: list[Account]
    enrollments: list[Enrollment]
    people: list[Person]
    units: list[str]
    printed: dict[str, str] = field(default_factory=dict)
    extra: dict = field(default_factory=dict)

    def changes(self) -> list[Change]:
        """Every change, by time; a tie keeps the order in which the facts depend on each other."""
        rank = dict(account=0, activate=1, email=2, toggle=3, grade=4, cert=5, move=6)
        out = []
        for i, a in enumerate(self.accounts):
            out.append(Change(a.joined, "account", i, 0))
            if a.activated is not None:
                out.append(Change(a.activated, "activate", i, 0))
            out.extend(Change(at, "email", i, n) for n, (at, _) in enumerate(a.emails))
        for i, p in enumerate(self.people):
            out.extend(Change(at, "move", i, n) for n, (at, _) in enumerate(p.moves))
        for i, e in enumerate(self.enrollments):
            for kind, steps in (
                ("toggle", e.toggles),
                ("grade", e.grades),
                ("cert", e.certificates),
            ):
                out.extend(Change(at, kind, i, n) for n, (at, _) in enumerate(steps))
        out.sort(key=lambda c: (c.at, rank[c.kind], c.index, c.step))
        return out

    def state_at(self, t: int, platform: int = 0):
        """What the platform shows at t: a View."""
        from .view import View

        view = View(self, platform)
        view.advance(t)
        return view

    def _by_account(self) -> dict[int, list[Enrollment]]:
        if "by_account" not in self.extra:
            table: dict[int, list[Enrollment]] = {}
            for e in self.enrollments:
                table.setdefault(e.account, []).append(e)
            self.extra["by_account"] = table
        return self.extra["by_account"]

    def facts_at(self, accounts, t: int, course: int | None = None) -> dict[str, bool]:
        """Which measures hold at t for one account (None: for nobody's) or for several of one
        person, in one course or in any."""
        out = dict.fromkeys(MEASURES[1:], False)
        if not isinstance(accounts, tuple):
            accounts = () if accounts is None else (accounts,)
        for account in accounts:
            a = self.accounts[account]
            if a.joined > t:
                continue
            out["accounts"] = True
            out["activated"] |= a.activated is not None and a.activated <= t
            for e in self._by_account().get(account, ()):
                if course is None or e.course == course:
                    self._enrolment_at(e, t, out)
        out["failed"] = out["sat"] and not out["passed"]
        return out

    def _enrolment_at(self, e: Enrollment, t: int, out: dict[str, bool]) -> None:
        grade, cert = at_time(e.grades, t), at_time(e.certificates, t)
        exams = [n for n, s in enumerate(self.courses[e.course].sections) if s.is_exam]
        passed = grade is not None and grade.passed
        out["enrolled"] |= bool(at_time(e.toggles, t))
        out["participated"] |= grade is not None and grade.active
        out["sat"] |= grade is not None and (passed or any(grade.scores[n][0] for n in exams))
        out["passed"] |= passed
        out["certified"] |= cert is not None and cert.passing

    def truth_at(self, t: int, key: str = "unit", course: int | None = None, matched=None) -> dict:
        """Measures per unit (key="unit"), per group (key="group") or in all (key=None).

        `matched(person)` -> account index or None says which account a person is known to have; by
        default those that they really have. Who has moved counts where they are at t.
        """
        table: dict = {}
        if key == "unit":
            table = {u: dict.fromkeys(MEASURES, 0) for u in self.units}
        for p in self.people:
            accounts = p.accounts if matched is None else matched(p)
            place = dict(zip(("unit", "group"), p.place_at(t)))
            row = table.setdefault(place[key] if key else "all", dict.fromkeys(MEASURES, 0))
            row["registered"] += 1
            for measure, holds in self.facts_at(accounts, t, course).items():
                row[measure] += holds
        return table

    def not_registered_at(self, t: int, known=None) -> dict[str, int]:
        """Measures of the accounts in a course that belong to nobody on a list."""
        if known is None:
            known = {a for p in self.people for a in p.accounts}
        row = dict.fromkeys(MEASURES[1:], 0)
        for account in self._by_account():
            if account in known:
                continue
            for measure, holds in self.facts_at(account, t).items():
                row[measure] += holds
        return row
