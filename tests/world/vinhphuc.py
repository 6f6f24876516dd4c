"""Vĩnh Phúc, 2022-2023, on OneTouch: what the province said on 28 December 2023, with people made up from a seed.

In August 2023 10,000 citizens in two waves of a week, 8,950 of whom completed; about 12,000 people in the year, some of them for
the second time. Villages and eight kinds of bodies invited them; audiences overlap. `scale` divides everybody."""

from __future__ import annotations

import csv
import random
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from . import timeline
from .model import Account, Enrollment, Person, World, instant, micros
from .model import UTC7
from .names import Faker

REFERENCE = Path(__file__).resolve().parents[2] / "config/vinhphuc-2023"
SOURCE = "onetouch"
OLD, MAIN, OTHER = "VP-KNS-2022", "VP-KNS-2023", "VP-DVC-2023"  # the platform's courses 1, 2, 3
COURSES = (OLD, MAIN, OTHER)

# People of a full-size world. Of August: in the first wave only, in the second only, in both.
FIRST, SECOND, BOTH = 5000, 4900, 100
COMPLETED = 8950
WITHOUT_ACCOUNT, IDLE, UNFINISHED, FAILED = 300, 250, 300, 120  # the other 80 passed and lost their certificate
# (training, wave): those who are in August's, too; those who are not; those of the latter who are new.
MARCH, OCTOBER, REPEATING, ONLY_2022 = (600, 900), (500, 1100), 700, 800
UNLISTED, UNLISTED_2022, NO_COURSE, TWO_UNITS = 25, 10, 5, 20

WHOLE = {  # districts whose people are not counted by commune, with their weights
    "VP-VINHYEN": 11,
    "VP-PHUCYEN": 10,
    "VP-LAPTHACH": 12,
    "VP-TAMDUONG": 10,
    "VP-YENLAC": 13,
    "VP-VINHTUONG": 16,
}
HILLS = ("VP-TAMDAO", "VP-BINHXUYEN", "VP-SONGLO")
VILLAGES = {  # those of one commune: each was to choose three to five
    "VP-08914-T1": 3,
    "VP-08914-T2": 4,
    "VP-08914-T3": 5,
    "VP-08914-T4": 2,
    "VP-08914-T5": 7,
    "VP-08914-T6": 0,
}

CITIZEN, PART_TIME, MINORITY, YOUTH = (
    "Người dân tiêu biểu",
    "Người hoạt động không chuyên trách",
    "Đồng bào dân tộc thiểu số",
    "Đoàn viên thanh niên",
)
UNION, FARMERS, WOMEN, BUSINESS = (
    "Cán bộ công đoàn cơ sở",
    "Cán bộ Hội Nông dân",
    "Cán bộ Hội Phụ nữ",
    "Quản lý hợp tác xã và doanh nghiệp nhỏ",
)
# Who invites whom; communes and districts (None) invite citizens and those who work part-time.
BODIES = (
    (None, CITIZEN, 40),
    (None, PART_TIME, 12),
    ("Tỉnh đoàn", YOUTH, 14),
    ("Liên đoàn Lao động tỉnh", UNION, 9),
    ("Hội Nông dân tỉnh", FARMERS, 8),
    ("Hội Liên hiệp Phụ nữ tỉnh", WOMEN, 8),
    ("Liên minh Hợp tác xã tỉnh", BUSINESS, 3),
    ("Hiệp hội Doanh nghiệp tỉnh", BUSINESS, 3),
    ("Ban Dân tộc tỉnh", MINORITY, 3),
)


class Listing(NamedTuple):
    """A row of a list. `late` ones are sent when all others have been read."""

    person: int
    wave: str
    unit: str
    audiences: tuple[str, ...]
    invited_by: str
    late: bool = False


class Wave(NamedTuple):
    training: str
    begins: date
    ends: date


def read(name: str) -> list[dict]:
    with open(REFERENCE / name, encoding="utf-8", newline="") as f:
        return list(csv.DictReader(f))


WAVES = {
    w["code"]: Wave(w["training"], date.fromisoformat(w["begins"]), date.fromisoformat(w["ends"]))
    for w in read("waves.csv")
}
UNITS = {u["code"]: u for u in read("units.csv")}


def midnight(day: date) -> int:
    return micros(datetime(day.year, day.month, day.day))


def local_day(us: int) -> date:
    return instant(us).astimezone(UTC7).date()


class Builder:
    def __init__(self, seed: int, scale: int):
        self.rng = random.Random(f"vinhphuc/{seed}/{scale}")
        self.fake, self.scale = Faker(self.rng), scale
        self.people: list[Person] = []
        self.accounts: list[Account] = []
        self.enrollments: list[Enrollment] = []
        self.listings: list[Listing] = []
        self.learners: dict[tuple[int, str], timeline.Learner] = {}
        self.courses = [self.course(n, code) for n, code in enumerate(COURSES)]
        communes = [u for u, row in UNITS.items() if row["parent"] in HILLS]
        self.places = [*WHOLE, *communes]
        self.weights = [*WHOLE.values(), *[26 / len(communes)] * len(communes)]

    def few(self, people: int) -> int:
        return max(1, people // self.scale)

    def course(self, n: int, training: str):
        waves = [w for w in WAVES.values() if w.training == training]
        begins, ends = min(w.begins for w in waves), max(w.ends for w in waves)
        return timeline.online_course(
            f"course-v1:VP+{n + 1}+{begins.year}", training, midnight(begins), midnight(ends) + timeline.DAY
        )

    # ---- who they are

    def person(self, unit: str) -> Person:
        name, born, male = self.fake.person()
        p = Person(
            len(self.people),
            unit,
            0,
            name,
            born,
            male,
            self.fake.citizen(born, male),
            self.fake.phone(),
            self.fake.email(name, born, "vinhphuc.example"),
        )
        self.people.append(p)
        return p

    def somebody(self) -> Person:
        return self.person(self.rng.choices(self.places, self.weights)[0])

    def audiences(self, p: Person) -> tuple[tuple[str, ...], str]:
        """What a person is, one to three kinds, and the body that invites them."""
        rng = self.rng
        while True:
            body, kind, _ = rng.choices(BODIES, [b[2] for b in BODIES])[0]
            hilly = UNITS[p.unit]["parent"] in (*HILLS, "VP-08914")
            if (kind == MINORITY and not hilly) or (kind == WOMEN and p.male):
                continue
            if kind == YOUTH and p.born.year < 1990:
                continue
            break
        kinds = {kind}
        if hilly and rng.random() < 0.3:
            kinds.add(MINORITY)
        if p.born.year >= 1990 and rng.random() < 0.25:
            kinds.add(YOUTH)
        for other in (CITIZEN, PART_TIME, FARMERS):
            if rng.random() < 0.06:
                kinds.add(other)
        place = UNITS[p.unit]["name"] if "-T" not in p.unit[-3:] else UNITS[UNITS[p.unit]["parent"]]["name"]
        return tuple(sorted(kinds)), body or f"UBND {place[0].lower()}{place[1:]}"

    def account(self, p: Person, before: date) -> int:
        """Opened in the days before a wave, or on its first ones."""
        if p.account is None:
            joined = timeline.awake(self.rng, midnight(before) - self.rng.randrange(4) * timeline.DAY)
            works = self.rng.random() < 0.97
            activated = joined + self.rng.randrange(timeline.MINUTE, timeline.HOUR) if works else None
            p.account = len(self.accounts)
            self.accounts.append(
                Account(1001 + 3 * p.account, self.fake.username(), p.email, p.name, p.born.year, joined, activated)
            )
        a = self.accounts[p.account]
        # Who has learnt before opens no account again, but may have been in another training later.
        a.joined = min(a.joined, midnight(before) - timeline.HOUR)
        if a.activated is not None:
            a.activated = max(a.joined + timeline.MINUTE, min(a.activated, midnight(before) - timeline.MINUTE))
        return p.account

    # ---- what they do

    def list(self, p: Person, wave: str, unit: str = "", late: bool = False) -> None:
        kinds, body = self.audiences(p)
        self.listings.append(Listing(p.index, wave, unit or p.unit, kinds, body, late))

    def learn(self, p: Person, wave: str, fate: str) -> timeline.Learner | None:
        if not fate:
            return None
        w, rng = WAVES[wave], self.rng
        i, course = self.account(p, w.begins), COURSES.index(w.training)
        created = midnight(w.begins) + rng.randrange(7 * timeline.HOUR, 40 * timeline.HOUR)
        e = Enrollment(0, i, course, created + rng.randrange(1_000_000))
        learner = timeline.Learner(rng, self.courses[course], e, midnight(w.ends) + 20 * timeline.HOUR)
        learner.live(fate)
        self.enrollments.append(e)
        return learner

    def any_fate(self) -> str:
        return self.rng.choices(("passed", "failed", "unfinished", "idle", ""), (82, 3, 6, 5, 4))[0]

    def august(self) -> list[Person]:
        members = [self.person(u) for u, n in VILLAGES.items() for _ in range(n if self.scale == 1 else min(n, 1))]
        first, second, both = (self.few(n) for n in (FIRST, SECOND, BOTH))
        total = first + second + both
        members += [self.somebody() for _ in range(total - len(members))]
        self.rng.shuffle(members)
        completed = COMPLETED * total // 10000
        none, idle, unfinished, failed = (self.few(n) for n in (WITHOUT_ACCOUNT, IDLE, UNFINISHED, FAILED))
        lost = total - completed - none - idle - unfinished - failed
        fates = (
            ["passed"] * (completed + lost)
            + ["idle"] * idle
            + ["unfinished"] * unfinished
            + ["failed"] * failed
            + [""] * none
        )
        self.rng.shuffle(fates)
        passers = []
        for n, (p, fate) in enumerate(zip(members, fates)):
            waves = [f"{MAIN}-D1"] * (n < first + both) + [f"{MAIN}-D2"] * (n >= first)
            for wave in waves:
                self.list(p, wave)
            learner = self.learn(p, waves[-1], fate)
            if fate == "passed":
                passers.append(learner)
        for learner in self.rng.sample(passers, lost):
            learner.revoke()
        return members

    def two_units(self, members: list[Person]) -> None:
        """Some are on the list of another district as well, sent after all others."""
        once = [p for p in members if "-T" not in p.unit[-3:]]
        for p in self.rng.sample(once, self.few(TWO_UNITS)):
            wave = next(x.wave for x in reversed(self.listings) if x.person == p.index)
            self.list(p, wave, self.rng.choice([u for u in WHOLE if u != p.unit]), late=True)

    def fill(self) -> None:
        members = self.august()
        rest = members[:]
        self.rng.shuffle(rest)
        year = members[:]
        for wave, (known, new) in ((f"{OTHER}-D1", MARCH), (f"{OTHER}-D2", OCTOBER)):
            fresh = [self.somebody() for _ in range(self.few(new))]
            year += fresh
            for p in [rest.pop() for _ in range(self.few(known))] + fresh:
                self.list(p, wave)
                self.learn(p, wave, self.any_fate())
        again = self.rng.sample(year, self.few(REPEATING))
        for p in again + [self.somebody() for _ in range(self.few(ONLY_2022))]:
            self.list(p, f"{OLD}-D1")
            self.learn(p, f"{OLD}-D1", self.any_fate())
        here = {p.index for p in again}
        for p in self.rng.sample([p for p in year if p.index not in here], self.few(UNLISTED_2022)):
            self.learn(p, f"{OLD}-D1", "passed")
        self.two_units(members)
        strangers = [self.person("") for _ in range(self.few(UNLISTED) + self.few(NO_COURSE))]
        for n, p in enumerate(strangers):
            if n < self.few(UNLISTED):
                self.learn(p, f"{MAIN}-D{1 + n % 2}", self.any_fate() or "idle")
            else:
                self.account(p, WAVES[f"{MAIN}-D1"].begins)


def build(seed: int = 1, scale: int = 1) -> World:
    b = Builder(seed, scale)
    b.fill()
    b.enrollments.sort(key=lambda e: (e.created, e.account))
    for n, e in enumerate(b.enrollments):
        e.id = n + 1
    order = list(WAVES)
    b.listings.sort(key=lambda x: (x.late, order.index(x.wave)))
    begins, ends = midnight(date(2022, 11, 1)), midnight(date(2023, 12, 28))
    units = sorted({x.unit for x in b.listings})
    return World(
        "vinhphuc", seed, begins, ends, b.courses, b.accounts, b.enrollments, b.people, units,
        {u: UNITS[u]["name"] for u in units}, {"listings": b.listings},
    )  # fmt: skip


# ---- the lists, as the bodies send them

HEAD = (
    "STT", "Họ và tên", "Ngày sinh", "Số CCCD", "Số điện thoại", "Email", "Đơn vị", "Đối tượng", "Đơn vị mời",
)  # fmt: skip


def write_lists(world: World, out: Path, by_body: bool = True) -> dict[tuple[str, bool], list[Path]]:
    """One CSV per wave and inviting body, or per wave; {(wave, late): files}, in the order in which they are sent."""
    files: dict[tuple[str, bool], dict[str, list[Listing]]] = {}
    for x in world.extra["listings"]:
        files.setdefault((x.wave, x.late), {}).setdefault(x.invited_by if by_body else "", []).append(x)
    made: dict[tuple[str, bool], list[Path]] = {}
    for (wave, late), bodies in files.items():
        for n, body in enumerate(sorted(bodies)):
            path = out / f"{wave}{'-bs' if late else ''}-{n:03d}.csv"
            with open(path, "w", encoding="utf-8", newline="") as f:
                table = csv.writer(f, lineterminator="\n")
                table.writerow(HEAD)
                for k, x in enumerate(bodies[body], 1):
                    p = world.people[x.person]
                    table.writerow(
                        (k, p.name, f"{p.born:%d/%m/%Y}", p.citizen, p.phone, p.email, UNITS[x.unit]["name"],
                         "; ".join(x.audiences), x.invited_by)
                    )  # fmt: skip
            made.setdefault((wave, late), []).append(path)
    return made
